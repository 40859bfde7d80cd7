"""Any document → Document. What a file is, its first bytes say; its name only names it."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePosixPath

from cml_mm.errors import LimitExceeded, MediaUnreadable, UnsupportedMedia
from cml_mm.media import reading
from cml_mm.media.docx import read_docx
from cml_mm.media.html import looks_like_html, read_html
from cml_mm.media.packages import package_kind
from cml_mm.media.pdf import read_pdf
from cml_mm.media.plain import decode_text, read_plain
from cml_mm.media.pptx import read_pptx
from cml_mm.media.reading import Reading
from cml_mm.ports import DOCUMENT_ENDINGS
from cml_mm.types import Document, Source

_READ = "Documents are read from .pdf, .docx, .pptx, .html, .md and .txt; save it as one of these."
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")


def read_document(data: bytes, path: str, slug: str) -> Document:
    """Read one document that is no pattern.

    Args:
        data: the file's bytes.
        path: the file as it is named to readers, with forward slashes.
        slug: the name by which the library knows it.

    Returns:
        The document. Its sections have headings of their own; `Section.page` counts the pages
        of a PDF and the slides of a .pptx from 1.

    Raises:
        MediaUnreadable: the file is empty, damaged, protected, holds no text or is not in UTF-8.
        UnsupportedMedia: it is of a kind that is not read.
        LimitExceeded: it is larger than 20 MB or 2,000 pages, or would be once unpacked.
    """
    if len(data) > reading.LARGEST_BYTES:
        raise LimitExceeded(
            f"{path} is larger than {reading.LARGEST_BYTES // 2**20} MB.", "Split it, or save it with smaller pictures."
        )
    if not data.strip(b"\xef\xbb\xbf \t\r\n\f"):
        raise MediaUnreadable(f"{path} is empty.", "Check that it was saved or copied whole.")
    found = _read(data, path)
    if not found.sections:
        raise MediaUnreadable(f"{path} holds no text.", "If its pages are pictures, run text recognition (OCR) on it.")
    if sum(len(section.text) for section in found.sections) > reading.LARGEST_TEXT:
        raise LimitExceeded(
            f"{path} holds more than {reading.LARGEST_TEXT // 10**6} million characters.",
            "Split it, and add the parts one by one.",
        )
    title = " ".join(found.title.split()) or title_from(path)
    return Document(
        slug=slug,
        title=title,
        source=Source(
            id=hashlib.sha256(data).hexdigest(),
            title=title,
            kind="document",
            slug=slug,
            path=path,
            licence=found.licence or reading.stated_licence(found.sections) or reading.UNKNOWN_LICENCE,
            attribution=found.attribution,
        ),
        summary=reading.summary_of(found.sections),
        sections=found.sections,
        format=found.format,
    )


def title_from(path: str) -> str:
    """A title from a file's name: "2024-minutes_may.pdf" gives "2024 minutes may"."""
    name = PurePosixPath(path).name
    ending = _ending(path)
    stem = name[: -len(ending)] if ending else name
    return " ".join(re.sub(r"[-_]+", " ", stem).split()) or name


def _read(data: bytes, path: str) -> Reading:
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return read_pdf(data, path)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        kind = package_kind(data, path)
        if kind == "docx":
            return read_docx(data, path)
        if kind == "pptx":
            return read_pptx(data, path)
        raise UnsupportedMedia(f"{path} is {kind}, which is not read.", _READ)
    if data.startswith(_OLE):
        if _ENCRYPTED_STREAM in data:
            raise MediaUnreadable(f"{path} is protected by a password.", "Save a copy without the password.")
        raise UnsupportedMedia(f"{path} is in an old Office format, which is not read.", _READ)
    if data.startswith(b"{\\rtf"):
        raise UnsupportedMedia(f"{path} is rich text (RTF), which is not read.", _READ)
    ending = _ending(path)
    if ending and ending not in DOCUMENT_ENDINGS:
        raise UnsupportedMedia(f"{path} is of a kind that is not read ({ending}).", _READ)
    if b"\x00" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        if ending in {".pdf", ".docx", ".pptx"}:
            raise reading.damaged(path, ending)
        raise UnsupportedMedia(f"{path} holds no text.", _READ)
    if looks_like_html(data, ending):
        return read_html(data, path)
    return read_plain(decode_text(data, path), title_from(path), "md" if ending == ".md" else "txt")


def _ending(path: str) -> str:
    """ ".pdf" and the like; "" where what follows the last dot is a part of the name."""
    ending = PurePosixPath(path).suffix.lower()
    return ending if re.fullmatch(r"\.[a-z][a-z0-9]{0,8}", ending) else ""

"""Zipped office files: what they are, and refusing those that would unpack without end."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from cml_mm.errors import LimitExceeded, MediaUnreadable
from cml_mm.media.reading import damaged

_MOST_MEMBERS = 10_000
_MOST_BYTES = 200 * 2**20  # all members unpacked, pictures included
_MOST_XML_BYTES = 40 * 2**20  # a parsed tree takes ten times this in memory
_TYPES = "[Content_Types].xml"

# The libraries raise whatever their XML trips over; these are the kinds that damaged files brought forth.
# lxml's errors of syntax are SyntaxErrors, those of damaged zips and missing parts OSError and KeyError.
PACKAGE_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
    EOFError,
    OSError,
    RuntimeError,
)


def package_kind(data: bytes, path: str) -> str:
    """What a zip file holds, by its table of contents.

    Args:
        data: the file's bytes.
        path: its name, for messages.

    Returns:
        "docx", "pptx", or words for what else it is.

    Raises:
        MediaUnreadable: the zip file is damaged or protected.
        LimitExceeded: it would unpack to more than is read.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _refuse_bombs(archive, path)
            names = set(archive.namelist())
            if any(info.flag_bits & 1 for info in archive.infolist()):
                raise MediaUnreadable(f"{path} is protected by a password.", "Save a copy without the password.")
            if _TYPES not in names:
                return "an OpenDocument file" if "mimetype" in names else "a zip file"
            types = archive.read(_TYPES)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as exc:
        raise damaged(path, "a zipped office file") from exc
    if b"wordprocessingml.document.main+xml" in types:
        return "docx"
    if b"presentationml.presentation.main+xml" in types:
        return "pptx"
    if b"spreadsheetml" in types:
        return "a spreadsheet"
    return "an office file with macros or of another kind"


def _refuse_bombs(archive: zipfile.ZipFile, path: str) -> None:
    """Sizes as declared: the zip reader stops at them, so a file that lies is merely damaged."""
    members = archive.infolist()
    xml = sum(info.file_size for info in members if info.filename.lower().endswith((".xml", ".rels", ".vml")))
    total = sum(info.file_size for info in members)
    if len(members) > _MOST_MEMBERS or total > _MOST_BYTES or xml > _MOST_XML_BYTES:
        raise LimitExceeded(
            f"{path} would unpack to {total // 2**20} MB in {len(members)} parts, more than is read.",
            "Split it, or save it with smaller pictures.",
        )

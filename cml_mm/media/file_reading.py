"""Any file of a visitor → its text with places, and pictures of its pages.

Runs in the process that opens strangers' files, after the file's kind was told by its bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from itertools import islice
from typing import cast

from cml_mm.diagrams.alt_text import alt_text
from cml_mm.diagrams.values import Diagram
from cml_mm.errors import InputError, LimitExceeded, MediaUnreadable, UnsupportedMedia
from cml_mm.lectures.values import frame_seconds
from cml_mm.media import reading
from cml_mm.media.csv_tables import quotable_tables, read_csv
from cml_mm.media.diagram_files import SOURCES, NoDiagram, read_source, with_fences
from cml_mm.media.diagram_wire import LONGEST_WORDS, MOST_DIAGRAMS, MOST_PARTS, is_passable
from cml_mm.media.documents import title_from
from cml_mm.media.docx import docx_pictures, placed_docx
from cml_mm.media.html import read_html
from cml_mm.media.pdf_pages import draw_page, opened, render
from cml_mm.media.picture_match import features_of
from cml_mm.media.pictures import encode_drawn, fitted, open_picture
from cml_mm.media.placed_pdf import placed_pdf
from cml_mm.media.placed_picture import placed_picture
from cml_mm.media.plain import decode_text, read_plain
from cml_mm.media.pptx import placed_pptx, pptx_pictures
from cml_mm.media.reading import Reading
from cml_mm.media.signatures import recording_sign
from cml_mm.media.sniffing import ending_of
from cml_mm.ports import Ocr, Picture, Told
from cml_mm.types import Document, Source
from cml_mm.visits import DrawnFace, Face, FileFormat, Limits, PictureFeatures, Placing, ReadFile

_SHOWN_AGAIN = 200  # pages whose pictures can be found again
_SHOWN_AGAIN_PX = 700  # longest side of those
_SMALLEST_PX = 16  # of those: less has no corners to speak of
_LARGEST_DRAWING_PX = 4_000


def read_file(
    data: bytes, kind: FileFormat, name: str, file: str, ocr: Ocr | None, limits: Limits, told: Told
) -> ReadFile:
    """Read one file of a visitor.

    Args:
        data: the file's bytes.
        kind: what they are, as sniffed.
        name: what the visitor calls it, for messages and the title.
        file: the id that its document gets as slug.
        ocr: who recognises words on pictures; without one they are left out, which is said.
        limits: how much is read.
        told: hears what is being done.

    Returns:
        What was read. A picture, or a PDF of pictures, may hold no section at all; then a notice says so.

    Raises:
        MediaUnreadable: it is empty, damaged, protected, holds no text or is in another encoding.
        UnsupportedMedia: it is of a kind that is not read here.
        LimitExceeded: it holds more than the limits say.
        ModelError: the recogniser cannot be run.
    """
    if not data.strip(b"\xef\xbb\xbf \t\r\n\f"):
        raise MediaUnreadable(f"{name} is empty.", "Check that it was saved or copied whole.")
    found = _read(data, kind, name, ocr, limits, told)
    kind = cast(FileFormat, found.format)
    if not found.sections and not found.faces:
        raise MediaUnreadable(f"{name} holds no text.", "Check that it is the right file, and that it was saved whole.")
    if sum(len(section.text) for section in found.sections) > limits.characters:
        raise LimitExceeded(
            f"{name} holds more than {limits.characters / 10**6:g} million characters.",
            "Split it, and add the parts one by one.",
        )
    features = tuple(_features(data, kind, name, found.faces, limits, told))
    placings = found.placings or tuple(Placing() for _ in found.sections)
    diagrams = _passable(found.diagrams, kind, name)
    notices = found.notices
    if len(diagrams) < len(found.diagrams):
        notices = (*notices, f"A diagram in {name} has more parts or longer labels than are kept; its words were read.")
    return ReadFile(_document(data, kind, name, file, found), placings, found.faces, notices, features, diagrams)


def draw_face(data: bytes, kind: FileFormat, face: str, longest_px: int, limits: Limits) -> DrawnFace:
    """A picture of one page, or of a picture in a file.

    Args:
        data: the file's bytes.
        kind: what they are, as sniffed.
        face: `Face.key`, such as "page-7".
        longest_px: length of its longer side at most.
        limits: how many pixels a picture may have.

    Raises:
        InputError: there is no such face, or it cannot be drawn.
    """
    longest_px = max(16, min(longest_px, _LARGEST_DRAWING_PX))
    return encode_drawn(_drawn(data, kind, face, longest_px, limits), longest_px)


def look_at(
    data: bytes, kind: FileFormat, faces: Collection[str], longest_px: int, limits: Limits, told: Told
) -> Iterator[tuple[str, Picture]]:
    """How pages and pictures look, for a model that sees; those that cannot be drawn are passed over.

    Args:
        data: the file's bytes.
        kind: what they are, as sniffed.
        faces: keys of those that are wanted.
        longest_px: length of a longer side at most; no picture is enlarged.
        limits: how many pixels a picture may have.
        told: hears how many have been drawn.

    Raises:
        MediaUnreadable: the file is damaged.
    """
    if kind in {"pdf", "film"}:
        for number, face in enumerate(faces):
            told("Looking at the pages" if kind == "pdf" else "Looking at the slides", number, len(faces))
            with suppress(InputError):
                yield face, _drawn(data, kind, face, longest_px, limits)
        return
    for number, picture in enumerate(_pictures(data, kind, limits), start=1):
        told("Looking at the pictures", number - 1, 0)
        if (face := f"picture-{number}") in faces:
            yield face, fitted(picture, min(longest_px, max(picture.shape[:2])))


def _read(data: bytes, kind: FileFormat, name: str, ocr: Ocr | None, limits: Limits, told: Told) -> Reading:
    if kind == "pdf":
        return placed_pdf(data, name, ocr, limits, told)
    if kind == "picture":
        return placed_picture(data, name, ocr, limits, told)
    if kind == "docx":
        return placed_docx(data, name, ocr, limits, told)
    if kind == "pptx":
        return placed_pptx(data, name, ocr, limits, told)
    if kind == "csv":
        return read_csv(data, name, limits)
    if kind == "html":
        found = read_html(data, name)
        return replace(found, sections=tuple(replace(one, text=quotable_tables(one.text)) for one in found.sections))
    if kind in SOURCES:
        try:
            return read_source(data, kind, name, title_from(name), limits)
        except NoDiagram as exc:
            kind = "md" if ending_of(name) in {".md", ".markdown"} else "txt"
            found = with_fences(read_plain(decode_text(data, name), title_from(name), kind))
            notice = f"{name} begins like a diagram, but could only be read as text. {exc}"
            return replace(found, notices=(notice, *found.notices))
    if kind in {"md", "txt"}:
        return with_fences(read_plain(decode_text(data, name), title_from(name), kind))
    raise UnsupportedMedia(f"{name} is of a kind that is not read here.", "Save it as a PDF, then add that.")


def _drawn(data: bytes, kind: FileFormat, face: str, longest_px: int, limits: Limits) -> Picture:
    sort, _, digits = face.rpartition("-")
    seconds = frame_seconds(face)
    if kind == "film" and seconds is not None:
        from cml_mm.media.film.frames import frame_at

        return frame_at(data, recording_sign(data) or "", "The film", seconds, longest_px, limits)
    number = int(digits) if re.fullmatch(r"[1-9]\d{0,5}", digits) else 0
    if number and kind == "pdf" and sort == "page":
        return draw_page(data, number, longest_px)
    if number and sort == "picture":
        found = next(islice(_pictures(data, kind, limits), number - 1, None), None)
        if found is not None:
            return found
    raise InputError("No picture can be made of this part of the file.", "Read its text instead.")


def _pictures(data: bytes, kind: FileFormat, limits: Limits) -> Iterator[Picture]:
    """The pictures with a face in a file that is one, or holds some."""
    if kind == "picture":
        yield open_picture(data, "The picture", limits).picture
    elif kind == "docx":
        yield from docx_pictures(data, "The file", limits)
    elif kind == "pptx":
        yield from pptx_pictures(data, "The file", limits)


def _features(
    data: bytes, kind: FileFormat, name: str, faces: tuple[Face, ...], limits: Limits, told: Told
) -> Iterator[PictureFeatures]:
    """What pages and pictures are recognised by when they are shown again."""
    drawable = [face for face in faces if face.drawable][:_SHOWN_AGAIN]
    if not drawable:
        return
    told("Looking at the pictures", 0, len(drawable))
    for face, picture in _looked_at(data, kind, drawable, limits, name):
        found = features_of(picture, face.key) if min(picture.shape[:2]) >= _SMALLEST_PX else None
        if found is not None:
            yield found


def _looked_at(
    data: bytes, kind: FileFormat, faces: list[Face], limits: Limits, name: str
) -> Iterator[tuple[Face, Picture]]:
    if kind == "pdf":
        with opened(data, name) as document:
            for face in faces:
                with closing(document[face.number - 1]) as page:
                    yield face, render(page, _SHOWN_AGAIN_PX / max(face.width, face.height))
        return
    for face, picture in zip(faces, _pictures(data, kind, limits), strict=False):
        yield face, fitted(picture, min(_SHOWN_AGAIN_PX, max(picture.shape[:2])))


def _passable(diagrams: tuple[Diagram, ...], kind: FileFormat, name: str) -> tuple[Diagram, ...]:
    """Those that the other process takes: see `diagram_wire`.

    Raises: LimitExceeded: the file is nothing but a diagram, and it is too large.
    """
    kept = tuple(one for one in diagrams if is_passable(one))[:MOST_DIAGRAMS]
    if kind in SOURCES and len(kept) < len(diagrams):
        raise LimitExceeded(
            f"{name} holds a diagram with more than {MOST_PARTS:,} parts, or a label longer than {LONGEST_WORDS:,} "
            "characters.",
            "Split it into several diagrams.",
        )
    return kept


def _document(data: bytes, kind: FileFormat, name: str, file: str, found: Reading) -> Document:
    title = " ".join(found.title.split()) or title_from(name)
    source = Source(
        id=hashlib.sha256(data).hexdigest(),
        title=title,
        kind="document",
        slug=file,
        path=name,
        licence=found.licence or reading.stated_licence(found.sections),
        attribution=found.attribution,
        owner="visitor",
    )
    drawn = kind in SOURCES or (kind == "picture" and len(found.diagrams) == 1 and found.diagrams[0].has_structure)
    summary = alt_text(found.diagrams[0]) if drawn and found.diagrams else reading.summary_of(found.sections)
    return Document(file, title, source, summary, found.sections, kind)

"""Pictures as documents: a section with the words on them, each line in its box."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from cml_mm.diagrams.values import Diagram
from cml_mm.errors import InputError
from cml_mm.media.diagram_sections import DiagramPart, Part, notice_of, placed_with_diagrams
from cml_mm.media.page_layout import Paragraph, looks_like_heading, measure, text_of
from cml_mm.media.picture_diagrams import DiagramFound, diagram_inside, diagram_on
from cml_mm.media.pictures import open_picture
from cml_mm.media.reading import Reading
from cml_mm.media.recognised import Recognised, notices_of, recognise
from cml_mm.ports import Ocr, Picture, Told
from cml_mm.types import Box, Section
from cml_mm.visits import Face, Limits, Placing

MOST_INSIDE = 40  # pictures in one document that are recognised and shown
_ICON_PX = 80  # both sides of a picture must be as long as this to be more than an ornament


@dataclass(frozen=True)
class InsidePicture:
    """A picture in a document; `page` is the slide that it stands on, 0 where there are none."""

    key: str  # the same for the same picture used twice
    load: Callable[[], bytes]
    page: int = 0


@dataclass(frozen=True)
class PicturesRead:
    """The pictures of a document, read; `parts` are sections, and diagrams where theirs will stand."""

    parts: tuple[Part, ...]
    faces: tuple[Face, ...]
    notices: tuple[str, ...]


def placed_picture(data: bytes, name: str, ocr: Ocr | None, limits: Limits, told: Told) -> Reading:
    """Read a picture file.

    Args:
        data: the file's bytes.
        name: what it is called, for messages.
        ocr: who reads it.
        limits: how many pixels it may have.
        told: hears that it is being recognised.

    Returns:
        The reading: one section, or none where no words were found, which is said; the face
        "picture-1". The title is the largest heading on the picture. Of a diagram the section says
        its boxes and arrows; that there is none, `diagrams` says, not the notices.

    Raises: MediaUnreadable, LimitExceeded, ModelError.
    """
    opened = open_picture(data, name, limits)
    notices = [f"{name} moves; only its first picture was read."] if opened.moves else []
    face = _face(1, "Picture", opened.picture)
    inside = diagram_inside(data, face.key, (face.width, face.height), limits)
    if inside is not None:
        placed = placed_with_diagrams([DiagramPart(inside)])
        return Reading(
            placed.sections, "picture", inside.title, placings=placed.placings, faces=(face,), notices=tuple(notices),
            diagrams=placed.diagrams,
        )  # fmt: skip
    if ocr is None:
        return Reading((), "picture", faces=(face,), notices=(*notices, f"The words on {name} were not read."))
    told("Recognising the picture", 1, 1)
    found = _recognised(opened.picture, ocr)
    paragraphs = found.paragraphs()
    told("Reading the diagram", 1, 1)
    drawing = diagram_on(opened.picture, found, ocr, face.key)
    notices += notices_of([(f"{name}", found)]) if found.lines else ["No words were found on this picture."]
    notices += notice_of(drawing.diagram, name)
    placed = placed_with_diagrams(_parts(found, paragraphs, "Picture", face, 0, drawing))
    title = _title(paragraphs, found)
    return Reading(
        placed.sections, "picture", title, placings=placed.placings, faces=(face,), notices=tuple(notices),
        diagrams=(*placed.diagrams, *_without_structure(drawing)),
    )  # fmt: skip


def pictures_inside(pictures: Iterable[InsidePicture], ocr: Ocr | None, limits: Limits, told: Told) -> PicturesRead:
    """Read the pictures of a document, each into a section "Picture 2" with the face "picture-2".

    Args:
        pictures: in the order of the document.
        ocr: who reads them.
        limits: how many pixels each may have.
        told: hears which one is being recognised.
    """
    parts: list[Part] = []
    faces: list[Face] = []
    read: list[tuple[str, Recognised]] = []
    notices: list[str] = []
    shown = tuple(_shown(pictures, limits, notices))
    unread = False
    for number, one in enumerate(shown, 1):
        data = one.load()
        picture = open_picture(data, f"picture {number}", limits).picture
        face = _face(number, f"Picture {number}", picture)
        faces.append(face)
        inside = diagram_inside(data, face.key, (face.width, face.height), limits)
        if inside is not None:
            parts.append(DiagramPart(inside, one.page))
            continue
        if ocr is None:
            unread = True
            continue
        told("Recognising picture", number, len(shown))
        found = _recognised(picture, ocr)
        told("Reading the diagram on picture", number, len(shown))
        drawing = diagram_on(picture, found, ocr, face.key)
        heading = f"Picture {number} on slide {one.page}" if one.page else f"Picture {number}"
        read.append((f"picture {number}", found))
        notices += notice_of(drawing.diagram, f"picture {number}")
        parts += _parts(found, found.paragraphs(), heading, face, one.page, drawing)
    if unread:
        notices.append("The words on the pictures in it were not read.")
    return PicturesRead(tuple(parts), tuple(faces), (*notices, *notices_of(read)))


def shown_inside(pictures: Iterable[InsidePicture], limits: Limits) -> Iterator[Picture]:
    """The pictures of a document that have a face, from "picture-1" on."""
    for number, one in enumerate(_shown(pictures, limits, []), 1):
        yield open_picture(one.load(), f"picture {number}", limits).picture


def _shown(pictures: Iterable[InsidePicture], limits: Limits, notices: list[str]) -> Iterator[InsidePicture]:
    """Those that can be opened and are no ornaments, each once; what is left out is said in `notices`."""
    seen: set[str] = set()
    shown = left = closed = 0
    for one in pictures:
        if one.key in seen:
            continue
        seen.add(one.key)
        try:
            height, width = open_picture(one.load(), "a picture", limits).picture.shape[:2]
        except InputError:
            closed += 1
            continue
        if min(height, width) < _ICON_PX:
            continue
        if shown == MOST_INSIDE:
            left += 1
            continue
        shown += 1
        yield one
    if closed:
        notices.append(_counted(closed, "in it could not be opened"))
    if left:
        notices.append(f"Only the first {MOST_INSIDE} pictures in it were read; {left} more were left out.")


def _counted(count: int, words: str) -> str:
    return f"One picture {words}." if count == 1 else f"{count} pictures {words}."


def _recognised(picture: Picture, ocr: Ocr) -> Recognised:
    height, width = picture.shape[:2]
    return recognise(picture, ocr, Box(0, 0, width, height, width, height))


def _face(number: int, label: str, picture: Picture) -> Face:
    height, width = picture.shape[:2]
    return Face(f"picture-{number}", label, 0, width, height)


def _parts(
    found: Recognised,
    paragraphs: list[Paragraph],
    heading: str,
    face: Face,
    page: int,
    drawing: DiagramFound,
) -> Iterator[Part]:
    """The words of a picture: those of its diagram, its lines as they stand where that is not most of them, or both."""
    if drawing.diagram.has_structure:
        yield drawing.part(page, found)
    if paragraphs and not drawing.whole:
        text, runs = text_of(paragraphs)
        yield Section("other", heading, text, page=page), Placing(face.key, runs, "ocr", found.confidence)


def _without_structure(drawing: DiagramFound) -> tuple[Diagram, ...]:
    """A lone picture says what was looked for on it, even where nothing was found."""
    return () if drawing.diagram.has_structure else (drawing.diagram,)


def _title(paragraphs: list[Paragraph], found: Recognised) -> str:
    usual = measure([found.lines])
    headings = [one for one in paragraphs if looks_like_heading(one, usual)]
    return max(headings, key=lambda one: one.height).text if headings else ""

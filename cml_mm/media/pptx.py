"""PowerPoint decks: a section for every slide, with its notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

from cml_mm.media.csv_tables import quotable_tables
from cml_mm.media.diagram_sections import placed_with_diagrams
from cml_mm.media.packages import PACKAGE_FAULTS
from cml_mm.media.placed_picture import InsidePicture, pictures_inside, shown_inside
from cml_mm.media.pptx_drawings import read_drawings
from cml_mm.media.reading import (
    Reading,
    clean,
    damaged,
    in_words,
    markdown_table,
    named_once,
    refuse_long,
)
from cml_mm.ports import Ocr, Picture, Told
from cml_mm.types import Box, Section
from cml_mm.visits import Face, Limits, Placing, Run

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_EMBED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
_DEEPEST = 30  # groups in groups
_LEFT_OUT = frozenset({"DATE", "FOOTER", "SLIDE_NUMBER", "HEADER"})
_TITLES = frozenset({"TITLE", "CENTER_TITLE", "VERTICAL_TITLE"})
_BULLETED = frozenset({"BODY", "OBJECT", "VERTICAL_BODY", "VERTICAL_OBJECT"})
_BY_ITSELF = "PowerPoint Presentation"  # the title property of every new deck


def read_pptx(data: bytes, path: str) -> Reading:
    """Read a .pptx file.

    Args:
        data: the file's bytes, its package checked against bombs.
        path: its name, for messages.

    Returns:
        The reading: one section for every slide that holds words, its title as heading, the
        speaker's notes under "Notes:". Pictures, charts and SmartArt give no text.

    Raises:
        MediaUnreadable: the file is damaged.
        LimitExceeded: it has more than 2,000 slides.
    """
    deck = _opened(data, path)
    with _faults(path):
        refuse_long(len(deck.slides), path, "slides")
        sections = named_once(_section(slide, number) for number, slide in enumerate(deck.slides, 1))
        return Reading(sections, "pptx", _deck_title(deck))


def placed_pptx(data: bytes, path: str, ocr: Ocr | None, limits: Limits, told: Told) -> Reading:
    """Read a visitor's .pptx file with the places of its shapes, and the words on its pictures.

    Args:
        data: the file's bytes, its package checked against bombs.
        path: its name, for messages.
        ocr: who reads its pictures.
        limits: how many slides it may have, and pixels each picture.
        told: hears which picture is being recognised.

    Returns:
        The reading: a section for every slide, its tables as lists of rows; one for a slide's
        notes ("Notes to slide 3"); one for every picture with words. Where shapes on a slide are
        joined, a section says what is joined with what, in the place of the slide's own where the
        slide holds little else. Slides cannot be drawn; their faces hold the outlines of their shapes.

    Raises: MediaUnreadable, LimitExceeded, ModelError.
    """
    deck = _opened(data, path)
    with _faults(path):
        refuse_long(len(deck.slides), path, "slides", limits.pages)
        slides = [_Slide(slide, number, _sheet(deck)) for number, slide in enumerate(deck.slides, 1)]
        drawings = read_drawings(deck.slides, _sheet(deck))
        parts = [
            part
            for slide in slides
            for part in drawings.among(list(slide.parts()), slide.key, slide.number, _title(slide.slide))
        ]
        faces = tuple(slide.face() for slide in slides)
        unread = [slide.number for slide in slides if any(_is_drawing(place.shape) for place in slide.places)]
        title = _deck_title(deck)
        inside = list(_pictures(slides))
    pictures = pictures_inside(inside, ocr, limits, told)
    placed = placed_with_diagrams([*parts, *pictures.parts])
    notices = (*drawings.notices(), *pictures.notices)
    if unread:
        named = in_words(unread).replace("page", "slide")
        notices = (f"Charts and drawings on {named} were not read, only the text around them.", *notices)
    return Reading(
        placed.sections, "pptx", title, placings=placed.placings, faces=(*faces, *pictures.faces), notices=notices,
        diagrams=placed.diagrams,
    )  # fmt: skip


def pptx_pictures(data: bytes, path: str, limits: Limits) -> Iterator[Picture]:
    """The pictures of a .pptx file that have a face, in their order.

    Raises: MediaUnreadable.
    """
    deck = _opened(data, path)
    with _faults(path):
        slides = [_Slide(slide, number, _sheet(deck)) for number, slide in enumerate(deck.slides, 1)]
        inside = list(_pictures(slides))
    return shown_inside(inside, limits)


@contextmanager
def _faults(path: str) -> Iterator[None]:
    """Whatever the library trips over in a damaged deck, in our words."""
    from pptx.exc import PythonPptxError

    try:
        yield
    except (*PACKAGE_FAULTS, PythonPptxError) as exc:
        raise damaged(path, "a .pptx deck") from exc


def _opened(data: bytes, path: str) -> Presentation:
    import pptx

    with _faults(path):
        return pptx.Presentation(BytesIO(data))


def _deck_title(deck: Presentation) -> str:
    stated = deck.core_properties.title or ""
    first = _title(deck.slides[0]) if len(deck.slides) else ""
    return first or ("" if stated == _BY_ITSELF else stated)


@dataclass(frozen=True)
class _Place:
    """A shape, out of its groups, and where it stands on the slide."""

    shape: Any
    box: Box | None


class _Slide:
    """One slide with the places of its shapes."""

    def __init__(self, slide: Slide, number: int, sheet: Box) -> None:
        self.slide = slide
        self.number = number
        self.key = f"slide-{number}"
        self._sheet = sheet
        self.places = list(_places(slide.shapes, sheet, _UNMOVED, 0))

    def parts(self) -> Iterator[tuple[Section, Placing]]:
        title = _title(self.slide)
        texts: list[str] = []
        runs: list[Run] = []
        start = 0
        for place in self._of_words(title):
            text = quotable_tables(_shape_text(place.shape)).strip("\n")
            if not text.strip():
                continue
            texts.append(text)
            if place.box is not None:
                runs.append(Run(start, start + len(text), place.box))
            start += len(text) + 2
        text = "\n\n".join(texts)
        if text or title:
            yield (
                Section("other", title or f"Slide {self.number}", text or title, page=self.number),
                Placing(self.key, tuple(runs)),
            )
        notes = _notes(self.slide)
        if notes:
            yield Section("other", f"Notes to slide {self.number}", notes, page=self.number), Placing(self.key)

    def _of_words(self, title: str) -> list[_Place]:
        """The shapes whose words are the slide's text: its title only where there is nothing else."""
        own = [place for place in self.places if _role(place.shape) not in _TITLES]
        if any(_shape_text(place.shape).strip() for place in own) or not title:
            return own
        return [place for place in self.places if _role(place.shape) in _TITLES]

    def face(self) -> Face:
        outline = tuple(place.box for place in self.places if place.box is not None)
        sheet = self._sheet
        return Face(self.key, f"Slide {self.number}", self.number, sheet.w, sheet.h, drawable=False, outline=outline)


def _sheet(deck: Presentation) -> Box:
    width, height = float(deck.slide_width or 9_144_000), float(deck.slide_height or 6_858_000)
    return Box(0, 0, width, height, width, height)


@dataclass(frozen=True)
class _Moved:
    """How a group places its shapes on the slide, in EMU: times a scale, plus an offset."""

    across: float = 1.0
    down: float = 1.0
    x: float = 0.0
    y: float = 0.0

    def inside(self, group: Any) -> _Moved:
        """The same for the shapes of a group that is itself so placed."""
        frame = group._element.grpSpPr.find(f"{_A}xfrm")
        if frame is None:
            return self
        off, ext, child_off, child_ext = (frame.find(f"{_A}{name}") for name in ("off", "ext", "chOff", "chExt"))
        if off is None or ext is None or child_off is None or child_ext is None:
            return self
        across = int(ext.get("cx")) / max(int(child_ext.get("cx")), 1)
        down = int(ext.get("cy")) / max(int(child_ext.get("cy")), 1)
        x = int(off.get("x")) - across * int(child_off.get("x"))
        y = int(off.get("y")) - down * int(child_off.get("y"))
        return _Moved(self.across * across, self.down * down, self.x + self.across * x, self.y + self.down * y)


_UNMOVED = _Moved()


def _places(shapes: Iterable[Any], sheet: Box, moved: _Moved, depth: int) -> Iterator[_Place]:
    """Every shape, in the order of the file, which readers aloud follow too."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            if depth < _DEEPEST:
                yield from _places(shape.shapes, sheet, moved.inside(shape), depth + 1)
        elif _role(shape) not in _LEFT_OUT:
            yield _Place(shape, _shape_box(shape, sheet, moved))


def _shape_box(shape: Any, sheet: Box, moved: _Moved) -> Box | None:
    """Where a shape stands, as far as it is on the slide; None where the file does not say."""
    if None in (shape.left, shape.top, shape.width, shape.height):
        return None
    left, top = moved.x + moved.across * shape.left, moved.y + moved.down * shape.top
    right, foot = left + moved.across * shape.width, top + moved.down * shape.height
    left, right = max(left, 0.0), min(right, sheet.w)
    top, foot = max(top, 0.0), min(foot, sheet.h)
    return Box(left, top, right - left, foot - top, sheet.w, sheet.h) if left < right and top < foot else None


def _is_drawing(shape: Any) -> bool:
    """Whether a shape is a chart, or one of the drawings whose text lies in a part of their own."""
    if getattr(shape, "has_chart", False):
        return True
    data = shape._element.find(f".//{_A}graphicData")
    return data is not None and str(data.get("uri", "")).endswith("/diagram")


def _pictures(slides: Sequence[_Slide]) -> Iterator[InsidePicture]:
    """The pictures on all slides; those that are only linked to are not in the file."""
    for slide in slides:
        for place in slide.places:
            for blip in place.shape._element.iter(f"{_A}blip"):
                part = slide.slide.part.rels.get(blip.get(_EMBED, ""))
                if part is not None and not part.is_external:
                    target = part.target_part
                    yield InsidePicture(str(target.partname), partial(_blob, target), slide.number)


def _blob(part: Any) -> bytes:
    return bytes(part.blob)


def _section(slide: Slide, number: int) -> Section:
    title = _title(slide)
    parts = list(_parts(slide.shapes, 0))
    notes = _notes(slide)
    if notes:
        parts.append(f"Notes:\n\n{notes}")
    text = "\n\n".join(part for part in parts if part.strip())
    # A slide that is only a title is words too: without a text nobody could find or quote it.
    return Section("other", title or f"Slide {number}", text or title, page=number)


def _title(slide: Slide) -> str:
    shape = slide.shapes.title
    return " ".join(clean(_words(shape.text_frame.text)).split()) if shape is not None else ""


def _notes(slide: Slide) -> str:
    frame = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    if frame is None:
        return ""
    return "\n\n".join(line for line in (clean(_words(item.text)).strip() for item in frame.paragraphs) if line)


def _parts(shapes: Iterable[Any], depth: int) -> Iterator[str]:
    """Markdown of every shape but the title, in the order of the file, which readers aloud follow too."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            if depth < _DEEPEST:
                yield from _parts(shape.shapes, depth + 1)
            continue
        if _role(shape) not in _LEFT_OUT | _TITLES:
            yield _shape_text(shape)


def _role(shape: Any) -> str:
    """The part that a placeholder plays on its slide, such as TITLE; "" for other shapes."""
    return str(shape.placeholder_format.type.name) if shape.is_placeholder and shape.placeholder_format.type else ""


def _shape_text(shape: Any) -> str:
    if getattr(shape, "has_table", False):
        return markdown_table([[_words(cell.text) for cell in row.cells] for row in shape.table.rows])
    return _frame(shape.text_frame, _role(shape) in _BULLETED) if shape.has_text_frame else ""


def _frame(frame: Any, bulleted: bool) -> str:
    """Paragraphs of a text frame; those of a slide's body, and deeper ones anywhere, are list items."""
    lines: list[str] = []
    listed = False
    for paragraph in frame.paragraphs:
        words = " ".join(clean(_words(paragraph.text)).split())
        if not words:
            continue
        item = bulleted or paragraph.level > 0 or _has_bullet(paragraph)
        if lines and not (item and listed):
            lines.append("")
        lines.append(f"{'  ' * paragraph.level}- {words}" if item else words)
        listed = item
    return "\n".join(lines)


def _has_bullet(paragraph: Any) -> bool:
    return bool(paragraph._p.xpath("./a:pPr/a:buChar | ./a:pPr/a:buAutoNum"))


def _words(text: str) -> str:
    return text.replace("\v", "\n")  # a line break inside a paragraph

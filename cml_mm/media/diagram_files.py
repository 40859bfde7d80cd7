"""Files that are diagrams written as text (Graphviz, mermaid, PlantUML, draw.io), and texts that hold some."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

from cml_mm.diagrams.values import Diagram
from cml_mm.errors import CmlError, InputError, LimitExceeded, MediaUnreadable
from cml_mm.media.diagram_sections import DiagramPart, Part, drawing_face, placed_with_diagrams
from cml_mm.media.diagram_signs import NAMED_FOR
from cml_mm.media.diagram_wire import MOST_DIAGRAMS
from cml_mm.media.plain import decode_text
from cml_mm.media.reading import Reading, clean
from cml_mm.media.sniffing import ending_of
from cml_mm.visits import Face, FileFormat, Limits, Placing

SOURCES: frozenset[FileFormat] = frozenset({"dot", "mermaid", "plantuml", "drawio"})
_FENCE = re.compile(r"^ {0,3}(?:> ?){0,3}(?P<marks>`{3,20}|~{3,20})[ \t]*(?P<words>[^\n`]{0,200})$", re.M)
_LANGUAGE = re.compile(r"\{?[ \t]*\.?(mermaid|mmd|dot|graphviz|gv|plantuml|puml)\b", re.I)
_KINDS: dict[str, Literal["dot", "mermaid", "plantuml"]] = {
    "mermaid": "mermaid", "mmd": "mermaid", "dot": "dot", "graphviz": "dot", "gv": "dot", "plantuml": "plantuml",
    "puml": "plantuml",
}  # fmt: skip
_QUOTE = re.compile(r"^ {0,3}(?:> ?){1,3}", re.M)
_UNNAMED = frozenset({"Opening", "Text"})  # what sections without a heading are called
_MOST_FENCES = 60  # of one text; each may take a while to lay out


def read_source(data: bytes, kind: FileFormat, name: str, title: str, limits: Limits) -> Reading:
    """Read a file that is a diagram's source.

    Args:
        data: the file's bytes.
        kind: "dot", "mermaid", "plantuml" or "drawio", as sniffed.
        name: what it is called, for messages.
        title: of a diagram that states none.
        limits: on sizes.

    Returns:
        The reading: a section for every diagram (draw.io: for every page that holds one) with the
        face "drawing-1", which can be sketched but not shown. A text whose name does not say that
        it is a diagram, and that cannot be read as one, is text, and that is said.

    Raises:
        MediaUnreadable, LimitExceeded: the message names the file.
    """
    try:
        found = _drawn_pages(data, name, limits) if kind == "drawio" else [_one(data, kind, name)]
    except InputError as exc:
        if kind != "drawio" and ending_of(name) not in NAMED_FOR:
            raise NoDiagram(str(exc.message)) from exc
        raise _named(exc, name) from exc
    parts: list[Part] = []
    faces: list[Face] = []
    for number, diagram in enumerate(found, 1):
        label = "Drawing" if len(found) == 1 else f"Drawing {number}"
        faces.append(drawing_face(diagram, number, label))
        stated = diagram.title or (title if len(found) == 1 else "")
        parts.append(DiagramPart(replace(diagram, title=stated, face=f"drawing-{number}")))
    placed = placed_with_diagrams(parts)
    notices = tuple(dict.fromkeys(notice for one in placed.diagrams for notice in one.notices))
    first = next((one.title for one in found if one.title), "")
    return Reading(
        placed.sections, kind, first, placings=placed.placings, faces=tuple(faces), notices=notices,
        diagrams=placed.diagrams,
    )  # fmt: skip


class NoDiagram(Exception):
    """A text that begins like a diagram and cannot be read as one: it may just as well be prose."""


def with_fences(found: Reading) -> Reading:
    """A text with the diagrams that stand in its code fences, each said in a section after the others.

    The fences stay in the text as they are; those that cannot be read are counted in a notice.
    """
    fences = [(section, fence) for section in found.sections for fence in _fences(section.text)]
    if not fences:
        return found
    from cml_mm.diagrams.sources import read_diagram_text

    parts: list[Part] = list(zip(found.sections, found.placings or (Placing(),) * len(found.sections), strict=True))
    unread: list[str] = []
    for section, fence in fences[:_MOST_FENCES]:
        try:
            diagram = read_diagram_text(fence.text, fence.kind)
        except InputError as exc:
            unread.append(exc.message)
            continue
        heading = found.title if section.heading in _UNNAMED else section.heading
        parts.append(DiagramPart(replace(diagram, title=diagram.title or heading, face="")))
    placed = placed_with_diagrams(parts)
    notices = [*found.notices, *_unread(unread)]
    if len(fences) > _MOST_FENCES:
        notices.append(
            f"Only the first {_MOST_FENCES} diagrams in it were read; {len(fences) - _MOST_FENCES} were not."
        )
    return replace(
        found, sections=placed.sections, placings=placed.placings, diagrams=placed.diagrams, notices=tuple(notices)
    )


def _unread(messages: Sequence[str]) -> Iterator[str]:
    if len(messages) == 1:
        yield f"A diagram in it was left as text. {messages[0]}"
    elif messages:
        yield f"{len(messages)} diagrams in it were left as text. {messages[0]}"


def _one(data: bytes, kind: FileFormat, name: str) -> Diagram:
    from cml_mm.diagrams.sources import read_diagram_text

    text = clean(decode_text(data, name))
    fences = list(_fences(text))
    if len(fences) == 1 and fences[0].kind == kind:  # pasted with the marks of Markdown around it
        text = fences[0].text
    return read_diagram_text(text, cast(Literal["dot", "mermaid", "plantuml"], kind))


def _drawn_pages(data: bytes, name: str, limits: Limits) -> list[Diagram]:
    from cml_mm.media.drawio import read_drawio

    found = [one for one in read_drawio(data, name, limits) if one.nodes or one.unplaced or one.containers]
    if not found:
        raise MediaUnreadable(f"{name} holds no boxes and no words.", "Check that it is the right file.")
    if len(found) > MOST_DIAGRAMS:
        raise LimitExceeded(
            f"{name} has {len(found)} pages with diagrams; {MOST_DIAGRAMS} are read at most.",
            "Split it, and add the parts one by one.",
        )
    return found


def _named(exc: InputError, name: str) -> CmlError:
    return exc if exc.message.startswith(name) else type(exc)(f"{name} cannot be read: {_lower(exc.message)}", exc.hint)


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


@dataclass(frozen=True)
class _Fence:
    kind: Literal["dot", "mermaid", "plantuml"]
    text: str


def _fences(text: str) -> Iterator[_Fence]:
    """Code fences in a language for diagrams (CommonMark 4.5); those that never close run to the text's end."""
    opening: re.Match[str] | None = None
    for mark in _FENCE.finditer(text):
        if opening is None:
            opening = mark
            continue
        closes = mark["marks"].startswith(opening["marks"]) and not mark["words"].strip()
        if closes:
            yield from _fence(opening, text[opening.end() : mark.start()])
            opening = None
    if opening is not None:
        yield from _fence(opening, text[opening.end() :])


def _fence(opening: re.Match[str], inside: str) -> Iterator[_Fence]:
    language = _LANGUAGE.match(opening["words"])
    if language is None or not inside.strip():
        return
    quoted = opening[0].lstrip().startswith(">")
    yield _Fence(_KINDS[language[1].lower()], (_QUOTE.sub("", inside) if quoted else inside).strip("\n"))

"""SVG drawings: their labels with their places, read exactly. Nothing is drawn, run or fetched.

A drawing that brings in other files (pictures, parts, scripts) is refused. Its styles may name
fonts elsewhere, as those of Mermaid and Excalidraw do: styles are not looked at.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePosixPath
from xml.etree import ElementTree
from xml.parsers import expat

from cml_mm.diagrams.alt_text import alt_text
from cml_mm.diagrams.values import Diagram, FreeText
from cml_mm.errors import LimitExceeded, MediaUnreadable
from cml_mm.media.diagram_sections import (
    MOSTLY,
    DiagramPart,
    Part,
    notice_of,
    placed_with_diagrams,
    structured_share,
    without_losses,
)
from cml_mm.media.diagram_wire import is_passable
from cml_mm.media.reading import clean, summary_of
from cml_mm.media.svg_diagram import read_svg_diagram
from cml_mm.media.svg_geometry import Label, label_of, local_name, shape_box, view_of, walk_shown
from cml_mm.media.xml_checks import check_xml
from cml_mm.types import Box, Document, Section, Source
from cml_mm.visits import Face, Limits, Placing, ReadFile, Run

FACE = "picture-1"
_LINKS = frozenset({"a"})  # lead readers elsewhere, bring nothing in
_MOST_SHAPES = 500


def read_svg(data: bytes, name: str, file: str, limits: Limits) -> ReadFile:
    """Read the words of a drawing.

    Args:
        data: the file's bytes.
        name: what the visitor calls it, for messages and the title.
        file: the id that its document gets as slug.
        limits: on depth and characters.

    Returns:
        The reading: every label a paragraph, in the order of the file, with the box that it
        roughly stands in (letters are not measured), in the units of the drawing. Where it shows a
        diagram, its boxes and arrows are said in the place of its labels.

    Raises:
        MediaUnreadable: it is damaged, declares entities or brings in other files.
        LimitExceeded: it is nested too deeply or holds too many words.
    """
    root = _parsed(data, name, limits)
    left, top, width, height = view_of(root)
    labels: list[Label] = []
    shapes: list[Box] = []
    for element, matrix, size in walk_shown(root):
        box = shape_box(element, matrix)
        if box is not None and len(shapes) < _MOST_SHAPES:
            shapes.append(Box(box[0] - left, box[1] - top, box[2], box[3], width, height))
        label = label_of(element, matrix, size)
        if label is not None:
            labels.append(label)
    runs: list[Run] = []
    text = ""
    for label in labels:
        text += "\n\n" if text else ""
        x, y, w, h = label.box
        runs.append(Run(len(text), len(text) + len(label.text), Box(x - left, y - top, w, h, width, height)))
        text += label.text
        if len(text) > limits.characters:
            raise LimitExceeded(f"{name} holds more than {limits.characters:,} characters.", "Split it into parts.")
    title = _title(root, name)
    written: list[Part] = [(Section("other", "Text", text), Placing(FACE, tuple(runs)))] if text else []
    diagram, notices = _diagram(root, name, limits, [FreeText(text[run.start : run.end], run.box) for run in runs])
    if diagram is not None:
        written = [DiagramPart(diagram), *(written if structured_share(diagram) < MOSTLY else ())]
    placed = placed_with_diagrams(written)
    sections = placed.sections
    return ReadFile(
        document=Document(
            slug=file,
            title=title,
            source=Source(hashlib.sha256(data).hexdigest(), title, "document", file, name, "", "", owner="visitor"),
            summary=summary_of(sections) if diagram is None else alt_text(diagram),
            sections=sections,
            format="svg",
        ),
        placings=placed.placings,
        faces=(Face(FACE, "Drawing", 0, width, height, drawable=False, outline=tuple(shapes)),),
        notices=(*notices, *(() if text else ("No words were found in this drawing.",))),
        diagrams=placed.diagrams,
    )


def _diagram(
    root: ElementTree.Element, name: str, limits: Limits, texts: list[FreeText]
) -> tuple[Diagram | None, tuple[str, ...]]:
    """The graph that a drawing shows, with all its words; None where it joins nothing. Then what is to be said."""
    try:
        diagram = read_svg_diagram(root, name, limits)
    except LimitExceeded:
        diagram = None
        too_large = True
    else:
        diagram = None if diagram is None else without_losses(diagram, texts)
        too_large = diagram is not None and not is_passable(diagram)
    if too_large:
        return None, (f"{name} has too many parts to be read as a diagram; its words were read.",)
    return diagram, () if diagram is None else (*diagram.notices, *notice_of(diagram, name))


def _parsed(data: bytes, name: str, limits: Limits) -> ElementTree.Element:
    damaged = MediaUnreadable(
        f"{name} is damaged: it cannot be read as an SVG drawing.", "Export it anew as SVG or PNG, and add that."
    )
    try:
        check_xml((data,), name, limits.depth, lambda tag, values: _refuse_outside(tag, values, name))
        root = ElementTree.fromstring(data)
    except (expat.ExpatError, ElementTree.ParseError, ValueError, LookupError) as exc:
        raise damaged from exc
    if local_name(root.tag) != "svg":
        raise damaged
    return root


def _refuse_outside(tag: str, values: dict[str, str], name: str) -> None:
    kind = tag.rpartition(":")[2]
    for key, value in values.items():
        if key.rpartition(":")[2] not in {"href", "src", "data"} or kind in _LINKS:
            continue
        target = value.strip().casefold()
        if target and not target.startswith(("#", "data:")) and not (key == "data" and kind != "object"):
            raise MediaUnreadable(
                f"{name} brings in another file (<{kind[:40]}>), which is not fetched.",
                "Export it with everything inside, or as PNG, and add that.",
            )


def _title(root: ElementTree.Element, name: str) -> str:
    stated = next((child.text or "" for child in root if local_name(child.tag) == "title"), "")
    from_name = re.sub(r"[-_]+", " ", PurePosixPath(name).stem)
    return " ".join(clean(stated).split())[:200] or " ".join(from_name.split()) or name

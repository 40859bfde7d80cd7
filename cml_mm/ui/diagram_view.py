"""The diagram reader: the picture with what was read lit on it, the list of its parts, and what can be done next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from cml_mm.diagrams.export import alt_text
from cml_mm.diagrams.values import Diagram
from cml_mm.errors import InputError
from cml_mm.ports import FileDesk
from cml_mm.ui.diagram_list import forms_html, lists_html
from cml_mm.ui.diagram_overlay import overlay_svg
from cml_mm.ui.diagram_words import corrected_words, count_words, example_questions, file_count, read_words
from cml_mm.ui.icons import icon
from cml_mm.ui.page_picture import plain_name
from cml_mm.ui.parts import button
from cml_mm.ui.text import escape, without_controls
from cml_mm.visits import Face, FileCard, ReadFile, count_parts

Reply = dict[str, Any]
EXPORTS = (("mermaid", "Mermaid"), ("dot", "Graphviz"), ("json", "JSON"), ("svg", "SVG"))
_LOST = ("This diagram is no longer here.", "Its file may have been deleted. Bring it again.")


def diagram_reply(desk: FileDesk, visitor: str, data: Mapping[str, Any]) -> Reply:
    """What the reader shows of one diagram.

    Args:
        data: from the browser: `file`, its id, and `diagram`, its place in the file from 0.

    Returns:
        `title`, `count` (for the file's chip), `stage`, `words`, `take` and `side` as HTML, `place`
        ("2 of 3"), `before` and `after` (of its neighbours, -1 for none), `width`, `height`, `ask` (questions).

    Raises: InputError: this visitor has no such file, or it no such diagram.
    """
    file = str(data.get("file", ""))[:100]
    card = next((card for card in desk.files(visitor) if card.id == file), None)
    read = desk.read(visitor, file) if card else None
    at = _number(data.get("diagram"))
    if card is None or read is None or not 0 <= at < len(read.diagrams):
        raise InputError(*_LOST)
    diagram, others = read.diagrams[at], shown_diagrams(read)
    here = others.index(at) if at in others else -1
    return {
        "title": plain_name(card.name),
        "count": file_count(read.diagrams),
        "stage": _stage(card, read, diagram),
        "words": f'<p class="small sec">In words: {escape(alt_text(diagram))}</p>',
        "take": take_html(file, at),
        "side": _side(diagram),
        "place": f"{here + 1:,} of {len(others):,}" if len(others) > 1 and here >= 0 else "",
        "before": others[here - 1] if here > 0 else -1,
        "after": others[here + 1] if 0 <= here < len(others) - 1 else -1,
        "width": diagram.width,
        "height": diagram.height,
        "ask": [without_controls(question) for question in example_questions(diagram)],
    }


def near_reply(desk: FileDesk, visitor: str, data: Mapping[str, Any]) -> Reply:
    """Which patterns of the library boxes are near to; asked apart, since it takes longer than the picture.

    Returns: `near`: of each box that is near to one, its id, the pattern's `slug` and `title`, and `words`.
    Raises: InputError: this visitor has no such file.
    """
    links = desk.diagram_links(visitor, str(data.get("file", ""))[:100], _number(data.get("diagram")))
    best = {link.node: link for link in reversed(links)}  # the surest of a box comes first
    near = [
        {
            "part": link.node,
            "slug": link.slug,
            "title": without_controls(link.title),
            "score": f"{link.score:.2f}",
            "words": f"{'Named by' if link.named else 'Near in'} {link.how}: {', '.join(link.words)}."
            f" {link.score:.2f}, from {link.threshold:.2f} it is shown.",
        }
        for link in best.values()
    ]
    return {"near": near}


def reader_html() -> str:
    """The reader as a dialog. The script fills it."""
    tools = _tool("plus", "dg-bigger", "Larger") + _tool("minus", "dg-smaller", "Smaller")
    tools += _tool("larger", "dg-fit", "Fit")
    turns = _tool("last", "dg-before", "Diagram before") + _tool("next", "dg-after", "Next diagram")
    return (
        '<dialog class="dg" id="cml-diagram" aria-labelledby="cml-diagram-title">'
        '<div class="dg-left"><header class="dg-h">'
        f"{_tool('back', 'dg-shut', 'Close the diagram')}"
        '<div class="dg-t"><h2 id="cml-diagram-title" tabindex="-1"></h2><p class="small sec">Your upload, private.'
        ' <span class="dg-how">Point at a row to light its box, or at a box to light its row.</span></p></div>'
        f'<div class="row dg-turns" hidden><span class="small mut"></span>{turns}</div>'
        f'<div class="row dg-tools">{tools}</div></header>'
        '<div class="dg-stage" tabindex="0" role="region" aria-label="The diagram"></div>'
        '<div class="dg-words"></div><div class="dg-take"></div></div><div class="dg-side"></div></dialog>'
    )


def opens_html(card: FileCard, read: ReadFile) -> str:
    """Of each diagram in a file how much was read, with a button that opens it; for the file's sheet."""
    shown = shown_diagrams(read)
    rows = "".join(_open_row(card, read.diagrams[at], at) for at in shown)
    title = "Its diagrams" if len(shown) > 1 else "Its diagram"
    return f'<h4 class="lab">{title}</h4><ul class="dg-opens">{rows}</ul>' if rows else ""


def shown_diagrams(read: ReadFile) -> tuple[int, ...]:
    """The places of those that hold boxes at all."""
    return tuple(at for at, diagram in enumerate(read.diagrams) if diagram.nodes)


def take_html(file: str, at: int) -> str:
    """The ways to take a diagram along; `at` is its place in the file, from 0."""
    base = f"files/{quote(file, safe='')}/diagrams/{at}"
    links = "".join(f'<a class="b sm" href="{base}/{kind}" download>{words}</a>' for kind, words in EXPORTS)
    return f'<span class="small mut">Take it along</span>{links}'


def _open_row(card: FileCard, diagram: Diagram, at: int) -> str:
    name = diagram.title or "Diagram"
    opened = button(
        f"<bdi>{escape(name)}</bdi>", "dg-open", "lnk", data_file=card.id, data_diagram=str(at), aria_haspopup="dialog"
    )
    return f'<li>{opened}<span class="small sec">{count_words(count_parts((diagram,)))}</span></li>'


def _stage(card: FileCard, read: ReadFile, diagram: Diagram) -> str:
    """The picture with the parts over it; the parts drawn themselves where there is no picture."""
    face = _picture_face(read, diagram)
    svg = overlay_svg(diagram, drawn=face is None)
    if not svg:
        return '<p class="pp-none">This diagram has no places that could be shown. Its list is complete.</p>'
    address = f"files/{quote(card.id, safe='')}/faces/{quote(face.key, safe='')}" if face else ""
    waiting = '<p class="pp-wait">Drawing the picture…</p>'
    image = f'{waiting}<img src="{escape(address)}" alt="" draggable="false">' if face else ""
    return (
        f'<div class="dg-paper{"" if face else " drawn"}" role="img" aria-label="{escape(alt_text(diagram))}"'
        f' style="aspect-ratio: {diagram.width:g} / {diagram.height:g}">{image}{svg}</div>'
    )


def _picture_face(read: ReadFile, diagram: Diagram) -> Face | None:
    return next((face for face in read.faces if face.key == diagram.face and face.drawable), None)


def _side(diagram: Diagram) -> str:
    notices = "".join(f"<li>{icon('info')}<span>{escape(notice)}</span></li>" for notice in diagram.notices)
    remarks = f'<ul class="fl-say">{notices}</ul>' if notices else ""
    corrected = corrected_words(diagram)
    done = f'<p class="small sec dg-done">{corrected}</p>' if corrected else ""
    tools = (
        button("Looks right, ask", "dg-ask", "pri")
        + button('<span class="dg-long">Add a </span>box', "dg-add-box", "", "plus")
        + (button('<span class="dg-long">Add an </span>arrow', "dg-add-arrow", "", "plus") if diagram.nodes else "")
        + (button("Undo", "dg-undo", "qt") if diagram.corrections else "")
    )
    return (
        f'<h2 tabindex="-1">This is what was read</h2><p class="sec dg-sum">{read_words(diagram)}</p>{done}{remarks}'
        f'{lists_html(diagram)}{forms_html(diagram)}<div class="dg-adding"></div><div class="dg-acts">'
        f'<div class="row">{tools}</div><p class="dg-say" role="alert" hidden></p></div>'
    )


def _tool(drawing: str, act: str, words: str) -> str:
    return (
        f'<button type="button" class="ib" data-act="{act}" aria-label="{words}" title="{words}">'
        f"{icon(drawing)}</button>"
    )


def _number(given: object) -> int:
    """A place from the browser; -1 for what is none."""
    text = str(given)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else -1

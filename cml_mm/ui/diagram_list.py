"""The parts of a diagram as lists of buttons, and the forms that correct them.

The forms stand once on the page; the script puts one below the row that was opened. What the
script must know of a part stands in the row's data, as text.
"""

from __future__ import annotations

from collections.abc import Sequence

from cml_mm.diagrams.values import UNCLEAR, Diagram, DiagramContainer, DiagramEdge, DiagramNode
from cml_mm.ui.diagram_overlay import Ends, holders, numbered
from cml_mm.ui.diagram_words import arrow_sentence, arrow_words, part_labels
from cml_mm.ui.icons import icon
from cml_mm.ui.parts import button
from cml_mm.ui.text import escape

LONGEST_LABEL = 300  # characters
SHOWN_ROWS = 40  # of one list; the rest unfolds
_NEW = (20, 10)  # width and height of a new box, in percent of the diagram
_SHAPES = (
    ("box", "Box"), ("rounded", "Rounded"), ("ellipse", "Oval"), ("diamond", "Diamond"), ("cylinder", "Cylinder"),
    ("text", "Words only"),
)  # fmt: skip


def lists_html(diagram: Diagram) -> str:
    """Boxes, arrows, lanes, and the words that belong to none of them."""
    ends = numbered(diagram)
    boxes = [_box_row(node, ends) for node in diagram.nodes]
    places = {part: place for place, part in enumerate(ends.names)}
    sorted_arrows = sorted(diagram.edges, key=lambda edge: (places.get(edge.source, 0), places.get(edge.target, 0)))
    arrows = [_arrow_row(diagram, edge, ends) for edge in sorted_arrows]
    lanes = [_lane_row(diagram, lane, ends) for lane in diagram.containers]
    near = '<span class="small mut dg-near-h" hidden>Near in the library</span>'
    return (
        _list("Boxes", boxes, "boxes", near)
        + _list("Arrows", arrows, "arrows")
        + _list("Lanes", lanes, "lanes")
        + _legend(diagram)
        + _free(diagram)
    )


def forms_html(diagram: Diagram) -> str:
    """What rows are corrected with, and what is added with. All are hidden until the script opens one."""
    return (
        f'<div class="dg-forms" hidden>{_box_form()}{_arrow_form()}{_add_box_form(diagram)}'
        f"{_add_arrow_form(diagram) if diagram.nodes else ''}</div>"
    )


def _list(title: str, rows: Sequence[str], noun: str, beside: str = "") -> str:
    if not rows:
        return ""
    shown, rest = rows[:SHOWN_ROWS], rows[SHOWN_ROWS:]
    more = (
        f'<details class="dg-rest"><summary>{len(rest):,} more {noun}</summary><ul>{"".join(rest)}</ul></details>'
        if rest
        else ""
    )
    return (
        f'<section class="dg-list"><h3>{title}{beside}</h3>'
        f'<ul aria-label="{title}">{"".join(shown)}</ul>{more}</section>'
    )


def _row(part: str, kind: str, number: str, words: str, aside: str, unclear: bool, **data: str) -> str:
    more = "".join(f' data-{name}="{escape(value)}"' for name, value in data.items())
    doubt = ""
    if unclear:
        question = "Which way?" if kind == "arrow" else "Is this right?"
        doubt = f'<span class="dg-doubt">{icon("warn")}{question}</span>'
    return (
        f'<li class="dg-row" data-part="{escape(part)}" data-kind="{kind}"{" data-unclear" if unclear else ""}{more}>'
        f'<button type="button" class="dg-b" aria-expanded="false"><span class="dg-n">{escape(number)}</span>'
        f'<span class="dg-w">{words}</span>{aside}{doubt}</button></li>'
    )


def _box_row(node: DiagramNode, ends: Ends) -> str:
    words = f"<bdi>{escape(node.label)}</bdi>" if node.label else '<span class="mut">no words</span>'
    place = node.box
    box = ",".join(f"{side:.2f}" for side in (place.x, place.y, place.w, place.h)) if place else ""
    aside = '<span class="dg-near small"></span>'
    unclear = node.confidence < UNCLEAR
    return _row(
        node.id, "box", ends[node.id], words, aside, unclear, label=node.label, box=box, shape=node.shape
    )  # fmt: skip


def _arrow_row(diagram: Diagram, edge: DiagramEdge, ends: Ends) -> str:
    seen = f'<span aria-hidden="true">{arrow_words(edge, ends)}</span>'
    said = f'<span class="vh">{escape(arrow_sentence(diagram, edge))}</span>'
    aside = f'<span class="dg-near small" aria-hidden="true"><bdi>{escape(edge.label)}</bdi></span>'
    names = part_labels(diagram)
    return _row(
        edge.id,
        "arrow",
        "",
        seen + said,
        aside,
        edge.confidence < UNCLEAR,
        label=edge.label,
        source=edge.source,
        target=edge.target,
        heads=edge.heads,
        tail=f"{ends[edge.source]} {names.get(edge.source, '')}",
        tip=f"{ends[edge.target]} {names.get(edge.target, '')}",
    )


def _lane_row(diagram: Diagram, lane: DiagramContainer, ends: Ends) -> str:
    words = f"<bdi>{escape(lane.label)}</bdi>" if lane.label else '<span class="mut">no words</span>'
    held = [ends[node.id] for node in diagram.nodes if node.container == lane.id]
    held += [ends[other.id] for other in diagram.containers if other.parent == lane.id]
    shown = ", ".join(held[:12]) + (" and more" if len(held) > 12 else "")
    aside = f'<span class="dg-near small">{f"holds {shown}" if held else "holds nothing"}</span>'
    return _row(lane.id, "lane", ends[lane.id], words, aside, lane.confidence < UNCLEAR, label=lane.label)


def _legend(diagram: Diagram) -> str:
    rows = "".join(
        f'<li><span class="dg-colour"{_ground(entry.colour)}></span><bdi>{escape(entry.label)}</bdi>'
        f'<span class="small mut">{escape(entry.colour)}</span></li>'
        for entry in diagram.legend
    )
    return f'<section class="dg-list"><h3>Colours</h3><ul class="dg-free-l">{rows}</ul></section>' if rows else ""


def _ground(colour: str) -> str:
    """A style only from what is exactly a colour."""
    digits = colour.removeprefix("#")
    sound = len(digits) == 6 and all(digit in "0123456789abcdefABCDEF" for digit in digits)
    return f' style="background: #{digits}"' if sound else ""


def _free(diagram: Diagram) -> str:
    rows = "".join(f"<li><bdi>{escape(text.text)}</bdi></li>" for text in diagram.unplaced)
    if not rows:
        return ""
    return f'<section class="dg-list"><h3>Words that belong to no box</h3><ul class="dg-free-l">{rows}</ul></section>'


def _field(name: str, words: str, **more: str) -> str:
    attributes = "".join(f' {key}="{value}"' for key, value in more.items())
    return f'<label class="dg-f"><span>{words}</span><input name="{name}" autocomplete="off"{attributes}></label>'


def _words_field(words: str = "Words") -> str:
    return _field("label", words, type="text", maxlength=str(LONGEST_LABEL))


def _buttons(save: str, *more: str) -> str:
    return (
        f'<div class="row dg-row-b"><button type="submit" class="b sm pri">{save}</button>{"".join(more)}'
        f'{button("Leave it", "dg-leave", "sm qt")}</div><p class="dg-say" role="alert" hidden></p>'
    )


def _box_form() -> str:
    """For boxes and lanes."""
    right = button("It is right", "dg-confirm", "sm dg-when-unclear", "check")
    delete = button("Delete", "dg-delete", "sm danger", "bin")
    return f'<form class="dg-form" data-form="box">{_words_field()}{_buttons("Save", right, delete)}</form>'


def _arrow_form() -> str:
    ways = "".join(
        f'<label class="dg-way"><input type="radio" name="way" value="{value}"><span></span></label>'
        for value in ("keep", "turn", "both", "none")
    )
    delete = button("Delete", "dg-delete", "sm danger", "bin")
    return (
        '<form class="dg-form" data-form="arrow"><fieldset class="dg-ways"><legend>Which way?</legend>'
        f"{ways}</fieldset>{_words_field('Words on it')}{_buttons('Save', delete)}</form>"
    )


def _add_box_form(diagram: Diagram) -> str:
    shapes = "".join(f'<option value="{value}">{words}</option>' for value, words in _SHAPES)
    left, top = _free_place(diagram)
    sides = (
        ("left", "From the left", str(left)),
        ("top", "From the top", str(top)),
        ("wide", "Width", str(_NEW[0])),
        ("high", "Height", str(_NEW[1])),
    )
    places = "".join(
        _field(name, f"{words}, %", type="number", min="0", max="100", step="any", value=value, required="")
        for name, words, value in sides
    )
    return (
        '<form class="dg-form dg-adds" data-form="add-box"><h3>Add a box</h3>'
        '<p class="small sec">Click two of its corners on the picture, or say where it stands.</p>'
        f"{_words_field('Words in it')}"
        f'<label class="dg-f"><span>Shape</span><select name="shape">{shapes}</select></label>'
        f'<div class="dg-four">{places}</div>{_buttons("Add the box")}</form>'
    )


def _free_place(diagram: Diagram) -> tuple[int, int]:
    """Where a new box covers others least, in percent from the left and the top."""
    taken = [box for part in holders(diagram) if (box := part.box) is not None]

    def covered(at: tuple[int, int]) -> float:
        (x, w), (y, h) = ((at[0] / 100, _NEW[0] / 100), (at[1] / 100, _NEW[1] / 100))
        return sum(
            max(0.0, min(x + w, (box.x + box.w) / box.of_w) - max(x, box.x / box.of_w))
            * max(0.0, min(y + h, (box.y + box.h) / box.of_h) - max(y, box.y / box.of_h))
            for box in taken
        )

    return min(((left, top) for top in range(5, 90, 10) for left in range(5, 80, 10)), key=covered)


def _add_arrow_form(diagram: Diagram) -> str:
    ends = numbered(diagram)
    options = "".join(
        f'<option value="{escape(part.id)}">{escape(f"{ends[part.id]} {part.label}"[:80])}</option>'
        for part in sorted(holders(diagram), key=lambda part: isinstance(part, DiagramContainer))
    )
    return (
        '<form class="dg-form dg-adds" data-form="add-arrow"><h3>Add an arrow</h3>'
        f'<label class="dg-f"><span>From</span><select name="source">{options}</select></label>'
        f'<label class="dg-f"><span>To</span><select name="target">{options}</select></label>'
        '<label class="dg-f"><span>Heads</span><select name="heads"><option value="target">At its end</option>'
        '<option value="both">At both ends</option><option value="none">None</option></select></label>'
        f"{_words_field('Words on it')}{_buttons('Add the arrow')}</form>"
    )

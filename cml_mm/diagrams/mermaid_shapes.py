"""The boxes of a mermaid flowchart: brackets, labels, and `@{ … }` (https://mermaid.js.org/syntax/flowchart.html)."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from cml_mm.diagrams.label_text import html_words, markdown_words
from cml_mm.diagrams.values import NodeShape

_NUMBERED = re.compile(r"#(\d{1,7});")
_NAMED = re.compile(r"#([A-Za-z][A-Za-z0-9]{1,30});")
_FURTHEST_PLAIN = 1_000  # characters of a label without quotes
_FURTHEST_QUOTED = 20_000

# How a box begins, how it may end, and its shape; what begins alike, longest first.
_BRACKETS: tuple[tuple[str, tuple[str, ...], NodeShape], ...] = (
    ("(((", (")))",), "circle"),
    ("((", ("))",), "circle"),
    ("([", ("])",), "rounded"),
    ("(-", ("-)",), "ellipse"),
    ("(", (")",), "rounded"),
    ("[[", ("]]",), "box"),
    ("[(", (")]",), "cylinder"),
    ("[/", ("/]",), "parallelogram"),
    ("[/", ("\\]",), "trapezium"),
    ("[\\", ("\\]",), "parallelogram"),
    ("[\\", ("/]",), "trapezium"),
    ("[", ("]",), "box"),
    ("{{", ("}}",), "hexagon"),
    ("{", ("}",), "diamond"),
    (">", ("]",), "other"),
)
_PARTNER = {"(": ")", "[": "]", "{": "}", ">": "]"}

# Names of shapes inside `@{ shape: … }`, as mermaid 11 knows them; whatever is not here is "other".
_BY_NAME_OF: tuple[tuple[NodeShape, str], ...] = (
    ("box", "rect rectangle proc process fr-rect framed-rectangle subprocess subproc subroutine st-rect processes "
            "procs stacked-rectangle lin-rect lined-rectangle lined-process lin-proc shaded-process div-rect "
            "divided-rectangle div-proc divided-process tag-rect tagged-rectangle tag-proc tagged-process "
            "win-pane window-pane internal-storage notch-rect card notched-rectangle square"),
    ("rounded", "rounded event stadium terminal pill delay half-rounded-rectangle"),
    ("ellipse", "ellipse oval"),
    ("circle", "circle circ sm-circ small-circle start dbl-circ double-circle fr-circ framed-circle stop f-circ "
               "filled-circle junction cross-circ crossed-circle summary"),
    ("diamond", "diam diamond decision question"),
    ("cylinder", "cyl cylinder db database das horizontal-cylinder h-cyl lin-cyl lined-cylinder disk datastore"),
    ("hexagon", "hex hexagon prepare"),
    ("parallelogram", "lean-r lean-right in-out lean-l lean-left out-in"),
    ("trapezium", "trap-b trapezoid trapezoid-bottom priority trap-t inv-trapezoid trapezoid-top manual sl-rect "
                  "sloped-rectangle manual-input"),
    ("triangle", "tri triangle extract flip-tri flipped-triangle manual-file"),
    ("note", "doc document docs documents stacked-document st-doc lin-doc lined-document tag-doc tagged-document "
             "comment brace brace-l brace-r braces flag paper-tape"),
    ("text", "text"),
    ("icon", "icon image"),
)  # fmt: skip
_BY_NAME: dict[str, NodeShape] = {name: shape for shape, names in _BY_NAME_OF for name in names.split()}


@dataclass(frozen=True)
class BoxText:
    """A box after its name: what it says, its shape, and where the text goes on."""

    label: str
    shape: NodeShape
    end: int


def read_box(text: str, at: int) -> BoxText | None:
    """The brackets that begin at `at`, with the words between them; None where none close."""
    for opening, endings, shape in _BRACKETS:
        if not text.startswith(opening, at):
            continue
        inside = at + len(opening)
        closed = _quoted(text, inside, endings) or _plain(text, inside, opening, endings)
        if closed is not None and closed[0].count('"') % 2 == 0:
            words, end = closed
            return BoxText(label_words(words), shape, end)
    return None


def _quoted(text: str, at: int, endings: tuple[str, ...]) -> tuple[str, int] | None:
    """Words in quotation marks, and where their bracket has closed."""
    while at < len(text) and text[at].isspace():
        at += 1
    if not text.startswith('"', at):
        return None
    foot = text.find('"', at + 1, at + 1 + _FURTHEST_QUOTED)
    after = foot + 1
    while foot >= 0 and after < len(text) and text[after].isspace():
        after += 1
    for ending in endings:
        if foot >= 0 and text.startswith(ending, after):
            return text[at : foot + 1], after + len(ending)
    return None


def _plain(text: str, at: int, opening: str, endings: tuple[str, ...]) -> tuple[str, int] | None:
    """Words without quotation marks; they may hold brackets of their own if those close."""
    own, partner = opening[0], _PARTNER[opening[0]]
    foot = min(len(text), at + _FURTHEST_PLAIN)
    depth = 0
    for here in range(at, foot):
        sign = text[here]
        if sign == "\n" and depth:
            break
        if not depth:
            for ending in endings:
                if text.startswith(ending, here):
                    return text[at:here], here + len(ending)
        if sign == own:
            depth += 1
        elif sign == partner:
            if not depth:
                return None  # the box closes another way than it began
            depth -= 1
    # A bracket among the words that never closes: then the first end counts.
    ends = [(found, ending) for ending in endings if (found := text.find(ending, at, foot)) >= 0]
    if not ends:
        return None
    end, ending = min(ends)
    return text[at:end], end + len(ending)


def label_words(written: str) -> str:
    """What a label says: quotation marks, Markdown, HTML and mermaid's own entities resolved."""
    words = written.strip()
    if len(words) >= 2 and words[0] == words[-1] == '"':
        words = words[1:-1].strip()
        if len(words) >= 2 and words[0] == words[-1] == "`":
            words = markdown_words(words[1:-1])
    words = _NAMED.sub(r"&\1;", _NUMBERED.sub(r"&#\1;", words)).replace("\\n", " ")
    return html_words(words)


def read_fields(text: str, at: int) -> tuple[dict[str, str], int] | None:
    """The fields of `@{ shape: cyl, label: "Fund" }` whose brace opens at `at`, and where it has closed.

    Returns:
        None where it does not close.
    """
    fields: dict[str, str] = {}
    key, held, quote = "", "", ""
    limit = min(len(text), at + _FURTHEST_QUOTED)
    for here in range(at + 1, limit):
        sign = text[here]
        if quote:
            if sign == quote:
                quote = ""
            else:
                held += sign
        elif sign in "\"'" and not held.strip():
            quote, held = sign, ""
        elif sign == ":" and not key:
            key, held = held.strip().casefold(), ""
        elif sign in ",\n}":
            if key:
                fields[key] = held.strip()
            key, held = "", ""
            if sign == "}":
                return fields, here + 1
        else:
            held += sign
    return None


def shape_called(name: str) -> NodeShape:
    """The shape of that name in mermaid."""
    return _BY_NAME.get(html.unescape(name).strip().casefold(), "other")

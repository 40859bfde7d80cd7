"""PlantUML's component, use case, deployment, state and activity diagrams (https://plantuml.com)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cml_mm.diagrams.drafting import Draft
from cml_mm.diagrams.label_text import one_line
from cml_mm.diagrams.plantuml_activity import read_activity
from cml_mm.diagrams.plantuml_blocks import is_activity
from cml_mm.diagrams.plantuml_components import read_components
from cml_mm.diagrams.plantuml_flow import is_flow, read_flow
from cml_mm.diagrams.plantuml_lines import Line, words_of
from cml_mm.errors import MediaUnreadable

_START = re.compile(r"^[ \t]*@start(\w+)", re.M)
_END = re.compile(r"^[ \t]*@end\w+", re.M)
_SEQUENCE = re.compile(
    r"(?:participant|activate|deactivate|autoactivate|alt|opt|loop|par|return)\b|==.{1,200}==$|\.\.\.", re.I
)
_KINDS = "Component, use case, deployment, state and activity diagrams are: write it as one of those, or add a picture."
# Lines that only say how it looks; a block ends at its closing brace or at `end` and its name.
_LOOKS = re.compile(
    r"(?:skinparam|hide|show|scale|left to right|top to bottom|allow_?mixing|newpage|sprite|mainframe|remove|restore|"
    r"!theme|!pragma|!assume|set separator|set namespaceseparator|autonumber)\b",
    re.I,
)
_NAMED_NOTE = re.compile(r'"[^"]*"\s+as\s+\S+')
_SHORT_NOTE = re.compile(r"[^:]*:(?!:)\s*(.+)$")
_BLOCK_WORDS = re.compile(r"(title|legend|header|footer|caption|note|rnote|hnote|floating note)\b", re.I)


def read_plantuml(text: str, title: str = "") -> tuple[Draft, str]:
    """Read a diagram.

    Args:
        text: of the file; the first diagram in it counts.
        title: used where it has none of its own.

    Returns:
        Its parts, and its direction: TB or LR.

    Raises:
        MediaUnreadable: it is another kind of diagram, includes other files, or a line cannot be read.
        LimitExceeded: it has too many parts.
    """
    draft = Draft("plantuml", title)
    lines = _statements(_first(text.replace("\r\n", "\n").replace("\r", "\n"), draft), draft)
    direction = "LR" if re.search(r"^\s*left to right direction", text, re.M | re.I) else "TB"
    if is_activity(lines):
        read_activity(lines, draft)
    elif is_flow(lines):
        read_flow(lines, draft)
    elif any(_SEQUENCE.match(line.text) for line in lines) or not read_components(lines, draft):
        # Arrows between names that nothing declares are what PlantUML itself draws as a sequence.
        raise MediaUnreadable("PlantUML's sequence diagrams are not read as a graph.", _KINDS)
    return draft, direction


def _first(text: str, draft: Draft) -> list[Line]:
    """The lines of the first diagram, numbered as in the file, without comments."""
    begin = 0
    found = _START.search(text)
    if found is not None:
        if found.group(1).casefold() != "uml":
            raise MediaUnreadable(f"PlantUML's “@start{found.group(1)[:40]}” is not read as a graph.", _KINDS)
        begin = text.find("\n", found.end())
        begin = len(text) if begin < 0 else begin
        if _START.search(text, begin) is not None:
            draft.notices.append("The file holds several diagrams; only the first was read.")
    foot = _END.search(text, begin)
    end = foot.start() if foot is not None else len(text)
    first = text.count("\n", 0, begin) + 1
    kept: list[Line] = []
    inside = False
    for number, raw in enumerate(text[begin:end].split("\n"), first):
        line, inside = _uncommented(raw, inside)
        if line.strip() and not line.lstrip().startswith("'"):
            kept.append(Line(line.strip(), number))
    return kept


def _uncommented(line: str, inside: bool) -> tuple[str, bool]:
    """A line without its block comments, and whether one goes on; `inside`: it begins in one."""
    kept: list[str] = []
    at = 0
    while at < len(line):
        foot = line.find("'/" if inside else "/'", at)
        if not inside:
            kept.append(line[at : foot if foot >= 0 else len(line)])
        if foot < 0:
            break
        at, inside = foot + 2, not inside
    return "".join(kept), inside


def _statements(lines: list[Line], draft: Draft) -> list[Line]:
    """The lines that say what there is; titles and words beside it go into the draft."""
    kept: list[Line] = []
    rest = iter(lines)
    for line in rest:
        words = line.text
        if words.startswith("!") and not _LOOKS.match(words):
            what = words.split()[0]
            raise MediaUnreadable(
                f"Line {line.number} of this PlantUML diagram brings in or computes other text ({what[:40]}), "
                "which is not done.",
                "Write it out, or export the diagram as SVG or PNG, and add that.",
            )
        if words.casefold().startswith("<style>"):
            for inner in rest:
                if inner.text.casefold().startswith("</style>"):
                    break
        elif _LOOKS.match(words):
            if words.endswith("{") and not words.casefold().startswith("sprite"):
                _skip_braces(rest)
        elif (found := _BLOCK_WORDS.match(words)) is not None:
            _beside(line, found.group(1).casefold(), rest, draft, kept)
        else:
            kept.append(line)
    return kept


def _skip_braces(rest: Iterator[Line]) -> None:
    depth = 1
    for inner in rest:
        depth += inner.text.count("{") - inner.text.count("}")
        if depth <= 0:
            return


def _beside(line: Line, kind: str, rest: Iterator[Line], draft: Draft, kept: list[Line]) -> None:
    """A title, a legend or a note: on its line, or up to the line that ends it."""
    words = line.text[len(kind) :].strip()
    noted = kind.endswith("note")
    if noted and _NAMED_NOTE.match(words) is not None:
        kept.append(line)
        return
    single = _SHORT_NOTE.match(words) if noted else None
    if noted and single is not None:
        draft.words(words_of(single.group(1)))
        return
    if not noted and words and kind != "legend":
        if kind == "title":
            draft.title = words_of(words)
        else:
            draft.words(words_of(words))
        return
    held: list[str] = []
    for inner in rest:
        if re.match(rf"end\s*(?:{kind.split()[-1]}|[rh]?note)\b", inner.text, re.I):
            break
        held.append(inner.text)
    said = one_line(words_of(" ".join(held)))
    if kind == "title":
        draft.title = said
    else:
        draft.words(said)

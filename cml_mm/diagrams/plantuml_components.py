"""PlantUML's boxes and arrows: component, use case, deployment, class and state diagrams."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cml_mm.diagrams.drafting import Draft, DraftEdge
from cml_mm.diagrams.plantuml_lines import Line, colour_of, line_fault, read_arrow, until, words_of
from cml_mm.diagrams.values import NodeShape
from cml_mm.errors import LimitExceeded

_KEYWORDS_OF: tuple[tuple[NodeShape, str], ...] = (
    ("box", "component rectangle node folder frame package agent artifact card process class abstract enum object "
            "entity struct exception protocol annotation stack namespace action map json boundary control "
            "collections"),
    ("rounded", "state storage portin portout port"),
    ("ellipse", "usecase"),
    ("circle", "interface circle"),
    ("cylinder", "database queue"),
    ("hexagon", "hexagon"),
    ("actor", "actor person"),
    ("note", "note file"),
    ("text", "label"),
    ("other", "cloud"),
)  # fmt: skip
_KEYWORDS: dict[str, NodeShape] = {name: shape for shape, names in _KEYWORDS_OF for name in names.split()}
_STATE_MARKS: dict[str, NodeShape] = {"choice": "diamond", "start": "circle", "end": "circle"}
_FIRST = re.compile(r"[a-z]+", re.I)
_ALIAS = re.compile(r"\s*as\s+")
_STEREOTYPE = re.compile(r"\s*<<([^<>]{0,100})>>")
_COLOUR = re.compile(r"\s*(#[^\s{\[]+)(?:\s*;[^\s{]*)?")
_TAGS = re.compile(r"\s*\$\w+|\s*\[\[[^\]]{0,300}\]\]")
_BARE = re.compile(r"[^\W\d_][\w.$]*|\w[\w.$]*|\.\w[\w.]*")
_ABSTRACT = re.compile(r"abstract\s+class\b", re.I)
_NEAR = re.compile(r'"([^"]{0,200})"\s*')
_FAR = re.compile(r'"([^"]{0,200})"\s+(?=[\w(\[:"])(?!as\b)')
_DEEPEST = 60
_BODIED = frozenset("class abstract enum object entity interface struct exception protocol annotation map json".split())


@dataclass(frozen=True)
class _Name:
    """How a box is named in a line: its key, what it says, its shape, and where the line goes on."""

    key: str
    label: str | None
    shape: NodeShape | None
    end: int


def read_components(lines: list[Line], draft: Draft) -> bool:
    """Read boxes and arrows into a draft.

    Returns:
        Whether any box was declared: arrows between bare names alone are a sequence diagram.

    Raises: MediaUnreadable, LimitExceeded.
    """
    return _Components(draft).read(lines)


class _Components:
    """Goes through the lines once."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.open: list[str] = []  # groups around this line; "" for braces that only keep things together
        self.declared = False

    def read(self, lines: list[Line]) -> bool:
        rest = iter(lines)
        bare: Line | None = None
        for line in rest:
            if line.text == "}":
                if not self.open:
                    raise line_fault(line, "no closing brace")
                self.open.pop()
            elif not self._declaration(line, rest) and not self._arrow(line):
                if self._said(line):
                    continue
                if self.declared or bare is not None:
                    raise line_fault(line, "a box or an arrow")
                bare = line
        if bare is not None and self.declared:
            raise line_fault(bare, "a box or an arrow")
        if bare is not None:
            raise line_fault(bare, "a component, a use case, an activity or an arrow between them")
        return self.declared

    def _declaration(self, line: Line, rest: Iterator[Line]) -> bool:
        text = line.text
        words = _FIRST.match(text)
        keyword = words.group().casefold() if words is not None else ""
        at = 0
        if keyword == "together" and text.endswith("{"):
            self._enter("")
            return True
        shape: NodeShape | None = None
        if keyword in _KEYWORDS and text[len(keyword) : len(keyword) + 1] in (" ", "\t", "{"):
            shape = _KEYWORDS[keyword]
            at = len(keyword)
            if keyword == "abstract" and (found := _ABSTRACT.match(text)) is not None:
                at = found.end()
        name = self._name(text, at)
        if name is None:
            if shape is not None and text[at:].strip() == "{":
                self._group(f"{keyword} {line.number}", "", line)
                return True
            return False
        return self._described(line, rest, keyword if shape is not None else "", name, shape)

    def _described(self, line: Line, rest: Iterator[Line], keyword: str, name: _Name, shape: NodeShape | None) -> bool:
        """A box with all that follows its name; False where an arrow follows."""
        text, key, label, at = line.text, name.key, name.label, name.end
        alias = _ALIAS.match(text, at)
        if alias is not None:
            other = self._name(text, alias.end())
            if other is None:
                raise line_fault(line, "a name after “as”")
            if name.label is None and other.label is not None:
                label, at = other.label, other.end  # component x as "What it says"
            else:
                key, label, at = other.key, name.label if name.label is not None else name.key, other.end
            shape = shape or other.shape
        mark, colour = "", ""
        while True:
            if (found := _STEREOTYPE.match(text, at)) is not None:
                mark = found.group(1).strip().casefold()
            elif (found := _COLOUR.match(text, at)) is not None:
                colour = colour or colour_of(found.group(1))
            else:
                found = _TAGS.match(text, at)
            if found is None:
                break
            at = found.end()
        tail = text[at:].strip()
        opens = tail == "{"
        if tail and not opens and not (keyword and tail[0] in ":["):
            return False
        if not keyword and name.shape is None and not opens and alias is None:
            return False
        if opens and keyword not in _BODIED:
            self._group(key, label if label is not None else key, line)
            return True
        if tail.startswith("["):
            closed = tail.endswith("]")
            label = words_of(tail[1:-1] if closed else f"{tail[1:]}\n{until(rest, ']')}")
        elif tail.startswith(":"):
            label = words_of(tail[1:])
        self._declare(key, label, _STATE_MARKS.get(mark) or shape or name.shape, colour)
        if opens:
            self._skip_body(rest)
        return True

    def _declare(self, key: str, label: str | None, shape: NodeShape | None, colour: str) -> None:
        self.declared = True
        if key in self.draft.containers:
            return
        node = self.draft.node(key)
        node.label = label if label is not None else node.label if node.label is not None else key
        node.shape = shape or node.shape
        node.colour = colour or node.colour
        node.container = node.container or next((group for group in reversed(self.open) if group), "")

    def _group(self, key: str, label: str, line: Line) -> None:
        self.declared = True
        around = next((group for group in reversed(self.open) if group), "")
        if key in self.draft.nodes and key not in self.draft.containers:
            self.draft.nodes[key].label = None  # it was an arrow's end before it was described
        self.draft.container(key, label, around if around != key else "")
        self._enter(key)

    def _enter(self, key: str) -> None:
        if len(self.open) >= _DEEPEST:
            raise LimitExceeded(f"Groups stand more than {_DEEPEST} deep in each other.", "Flatten the diagram.")
        self.open.append(key)

    def _skip_body(self, rest: Iterator[Line]) -> None:
        depth = 1
        for line in rest:
            depth += line.text.count("{") - line.text.count("}")
            if depth <= 0:
                return

    def _arrow(self, line: Line) -> bool:
        text = line.text
        source = self._name(text, 0)
        if source is None:
            return False
        at = self._spaces(text, source.end)
        cardinal = _NEAR.match(text, at)
        near = ""
        if cardinal is not None:
            near, at = cardinal.group(1), cardinal.end()
        arrow = read_arrow(text, at)
        if arrow is None:
            return False
        at = self._spaces(text, arrow.end)
        far = ""
        cardinal = _FAR.match(text, at)
        if cardinal is not None:
            far, at = cardinal.group(1), cardinal.end()
        target = self._name(text, at)
        if target is None:
            raise line_fault(line, "the box that the arrow leads to")
        at = target.end
        while (found := _STEREOTYPE.match(text, at) or _COLOUR.match(text, at)) is not None:
            at = found.end()
        tail = text[at:].strip()
        if tail and not tail.startswith(":"):
            raise line_fault(line, "“:” and the arrow's words")
        label = " ".join(filter(None, (words_of(near), words_of(tail[1:]), words_of(far))))
        one, other = self._met(source, "start"), self._met(target, "end")
        if arrow.backwards:
            one, other = other, one
        if not arrow.hidden:
            self.draft.edge(DraftEdge(one, other, label, arrow.heads, arrow.style))
        return True

    def _met(self, name: _Name, pole: str) -> str:
        """The box at an arrow's end, made where it is new."""
        key = name.key
        around = next((group for group in reversed(self.open) if group), "")
        if key == "[*]":
            key = f"{around}[*]{pole}"
            node = self.draft.node(key)
            node.label, node.shape = pole.capitalize(), "circle"
            self.declared = True
        elif key in self.draft.containers:
            self.draft.node(key)
            return key
        else:
            node = self.draft.node(key)
            if name.shape is not None:
                self.declared = True
                node.label = node.label if node.label is not None else name.label
                node.shape = node.shape or name.shape
        node.container = node.container or around
        return key

    def _said(self, line: Line) -> bool:
        """`Box : more words`, as in state diagrams."""
        head, sign, tail = line.text.partition(":")
        name = self._name(line.text, 0)
        if not sign or name is None or name.end < len(head.rstrip()):
            return False
        if name.key in self.draft.containers:
            return True
        node = self.draft.nodes.get(name.key)
        if node is None:
            return False
        said = words_of(tail)
        node.label = said if node.label in (None, name.key) else f"{node.label} {said}"
        return True

    def _name(self, text: str, at: int) -> _Name | None:
        at = self._spaces(text, at)
        if text.startswith("[*]", at):
            return _Name("[*]", None, None, at + 3)
        if text.startswith("()", at):
            inner = self._name(text, at + 2)
            return _Name(inner.key, inner.label or inner.key, "circle", inner.end) if inner is not None else None
        shape: NodeShape | None
        for sign, end, shape in (("[", "]", "box"), ("(", ")", "ellipse"), (":", ":", "actor"), ('"', '"', None)):
            if text.startswith(sign, at):
                foot = text.find(end, at + 1)
                if foot <= at + 1:
                    return None
                label = words_of(text[at + 1 : foot])
                behind = foot + 2 if text.startswith("/", foot + 1) else foot + 1  # a business use case
                return _Name(label, label, shape, behind)  # boxes named by their words are the same where these are
        found = _BARE.match(text, at)
        return _Name(found.group(), None, None, found.end()) if found is not None else None

    def _spaces(self, text: str, at: int) -> int:
        while at < len(text) and text[at] in " \t":
            at += 1
        return at

"""Mermaid's flowcharts, read exactly (https://mermaid.js.org/syntax/flowchart.html)."""

from __future__ import annotations

from dataclasses import dataclass, field

from cml_mm.diagrams.drafting import Draft, DraftEdge
from cml_mm.diagrams.label_text import one_line
from cml_mm.diagrams.mermaid_links import read_link
from cml_mm.diagrams.mermaid_shapes import label_words, read_box, read_fields, shape_called
from cml_mm.diagrams.mermaid_text import fill_in, opened_source
from cml_mm.diagrams.mermaid_trees import read_mindmap, read_states
from cml_mm.diagrams.source_faults import fault_at
from cml_mm.errors import LimitExceeded, MediaUnreadable

_DIRECTIONS = frozenset({"TB", "TD", "BT", "LR", "RL"})
_ENDS_NAME = frozenset(' \t\r\n;[](){}<>|~@"`,')
_LINE_WORDS = frozenset({"classdef", "class", "style", "linkstyle", "click", "direction", "acctitle", "accdescr"})
_BEGINS_ARROW = ("--", "==", "-.", "<", "x-", "x=", "o-", "o=", "~~~")
_DEEPEST = 60


def read_mermaid(text: str, title: str = "") -> tuple[Draft, str]:
    """Read a diagram.

    Args:
        text: of the file, or between the fences.
        title: used where it has none of its own.

    Returns:
        Its parts, and its direction: TB, BT, LR or RL.

    Raises:
        MediaUnreadable: it is another kind of diagram, or a line cannot be read.
        LimitExceeded: it has too many parts.
    """
    source = opened_source(text)
    draft = Draft("mermaid", source.title or title)
    if source.kind not in _READERS:
        raise MediaUnreadable(
            f"Mermaid's “{source.kind[:40]}” is not read as a graph."
            if source.kind
            else "This text does not begin as a mermaid diagram does.",
            "Flowcharts (flowchart, graph), state diagrams and mindmaps are: write it as one of those, or add a "
            "picture.",
        )
    if source.kind in {"statediagram", "statediagram-v2"}:
        return draft, read_states(source.text, source.body, draft)
    if source.kind == "mindmap":
        read_mindmap(source.text, source.body, draft)
        return draft, "LR"
    return draft, _Flowchart(source.text, draft).read(source.body)


_READERS = frozenset({"graph", "flowchart", "flowchart-elk", "statediagram", "statediagram-v2", "mindmap"})


@dataclass
class _Group:
    """A subgraph that is open; "" is the whole drawing."""

    name: str
    mentioned: dict[str, None] = field(default_factory=dict)


class _Flowchart:
    """Goes through the statements once, from left to right."""

    def __init__(self, text: str, draft: Draft) -> None:
        self.text = text
        self.draft = draft
        self.at = 0
        self.open: list[_Group] = [_Group("")]
        self.direction = "TB"
        self.class_colours: dict[str, str] = {}
        self.classes: list[tuple[str, str]] = []  # box, class
        self.styles: list[tuple[str, str]] = []  # box, colour
        self.lines: set[str] = set()  # names that arrows carry

    def read(self, body: int) -> str:
        self.at = self._gap(body)
        word = self._word()
        if word.upper() in _DIRECTIONS or word in {">", "<", "^", "v"}:
            self.direction = {"TD": "TB", ">": "LR", "<": "RL", "^": "BT", "V": "TB"}.get(word.upper(), word.upper())
            self.at += len(word)
        while self._next_statement():
            self._statement()
        for group in self.open[:0:-1]:
            self._close(group)
        self._paint()
        return self.direction

    def _next_statement(self) -> bool:
        while self.at < len(self.text) and (self.text[self.at].isspace() or self.text[self.at] == ";"):
            self.at += 1
        return self.at < len(self.text)

    def _statement(self) -> None:
        word = self._word()
        kind = word.casefold().rstrip(":")
        if kind == "subgraph":
            self._subgraph(self._line()[len(word) :])
        elif word == "end" and len(self.open) > 1:
            self.at += len(word)
            self._close(self.open.pop())
        elif kind in _LINE_WORDS and self.text[self.at + len(word) : self.at + len(word) + 1] in (" ", "\t", ":", "{"):
            self._described(kind, self._line(until_semicolon=kind not in {"click", "acctitle", "accdescr"}))
        else:
            self._chain()

    def _chain(self) -> None:
        """Boxes joined by arrows: `A & B -->|says| C --> D`."""
        ends = self._boxes()
        while True:
            at = self._edge_name(self._gap(self.at))
            if at >= len(self.text) or self.text[at] in "\n;":
                self.at = at
                return
            link = read_link(self.text, at)
            if link is None:
                raise fault_at(self.text, at, "mermaid", "an arrow, or the end of the line")
            self.at = link.end
            while self.at < len(self.text) and self.text[self.at].isspace():
                self.at += 1
            targets = self._boxes()
            if link.shown:
                for source in ends:
                    for target in targets:
                        one, other = (target, source) if link.backwards else (source, target)
                        self.draft.edge(DraftEdge(one, other, link.label, link.heads, link.style))
            ends = targets

    def _edge_name(self, at: int) -> int:
        """Behind the name that an arrow may carry: `e1@-->`."""
        end = self._name_end(at)
        if end > at and self.text.startswith("@", end) and self.text.startswith(_BEGINS_ARROW, end + 1):
            self.lines.add(self.text[at:end])
            return end + 1
        return at

    def _boxes(self) -> list[str]:
        names = [self._box()]
        while True:
            at = self._gap(self.at)
            if self.text[at : at + 1] != "&":
                return names
            self.at = at + 1
            while self.at < len(self.text) and self.text[self.at].isspace():
                self.at += 1
            names.append(self._box())

    def _box(self) -> str:
        begin, end = self.at, self._name_end(self.at)
        name = self.text[begin:end]
        if not name:
            raise fault_at(self.text, begin, "mermaid", "the name of a box")
        self.at = end
        if self.text.startswith("@{", end):
            return self._with_fields(name)
        node = self.draft.node(name)
        self.open[-1].mentioned[name] = None
        box = read_box(self.text, end)
        if box is not None:
            node.label, node.shape = box.label, box.shape
            self.at = box.end
        if self.text.startswith("@{", self.at):
            self._with_fields(name)
        if self.text.startswith(":::", self.at):
            begin = self.at + 3
            self.at = self._name_end(begin)
            self.classes.append((name, self.text[begin : self.at]))
        return name

    def _with_fields(self, name: str) -> str:
        read = read_fields(self.text, self.at + 1)
        if read is None:
            raise fault_at(self.text, self.at, "mermaid", "a closing brace")
        fields, self.at = read
        if name in self.lines:
            return name  # how an arrow moves or bends
        node = self.draft.node(name)
        self.open[-1].mentioned[name] = None
        if "label" in fields:
            node.label = label_words(f'"{fields["label"]}"')
        if "shape" in fields or "icon" in fields or "img" in fields:
            node.shape = shape_called(fields["shape"]) if "shape" in fields else "icon"
        return name

    def _name_end(self, at: int) -> int:
        """Behind a box's name: it may hold single dashes, not the beginning of an arrow."""
        text, begin = self.text, at
        while at < len(text) and text[at] not in _ENDS_NAME:
            after = text[at + 1 : at + 2]
            if (text[at] == "-" and after in ("-", ".", ">")) or (text[at] == "=" and after == "="):
                break
            if (text[at] == ":" and text.startswith(":::", at)) or (text[at] == "&" and at == begin):
                break
            at += 1
        return at

    def _subgraph(self, rest: str) -> None:
        if len(self.open) > _DEEPEST:
            raise LimitExceeded(f"Subgraphs stand more than {_DEEPEST} deep in each other.", "Flatten the diagram.")
        rest = rest.strip()
        name, label = rest, rest
        head, opened, inside = rest.partition("[")
        if opened and rest.endswith("]") and not head.strip().startswith('"'):
            name, label = head.strip(), inside[:-1]
        label = label_words(label)
        name = name.strip('"` ') or f"subgraph {len(self.draft.containers) + 1}"
        if name in self.draft.containers and name != rest.split("[")[0].strip():
            name = f"{name} {len(self.draft.containers) + 1}"
        self.draft.container(name, label, self.open[-1].name)
        self.open.append(_Group(name))

    def _close(self, group: _Group) -> None:
        self.draft.containers[group.name].members.update(group.mentioned)
        self.draft.close(group.name)
        self.open[-1 if self.open[-1] is not group else -2].mentioned.update(group.mentioned)

    def _described(self, kind: str, line: str) -> None:
        words = line.split(None, 2)
        if kind == "direction":
            return
        if kind == "acctitle" and not self.draft.title:
            self.draft.title = one_line(line.partition(":")[2])
        elif kind == "accdescr" and "{" in line and "}" not in line:
            foot = self.text.find("}", self.at)
            self.at = foot + 1 if foot >= 0 else len(self.text)
        elif len(words) < 3:
            return
        elif kind == "classdef":
            for name in words[1].split(","):
                self.class_colours[name] = fill_in(words[2])
        elif kind == "class":
            self.classes.extend((name.strip(), words[2].strip()) for name in words[1].split(","))
        elif kind == "style":
            self.styles.extend((name.strip(), fill_in(words[2])) for name in words[1].split(","))

    def _paint(self) -> None:
        plain = self.class_colours.get("default", "")
        for node in self.draft.nodes.values():
            node.colour = plain
        named = [(name, self.class_colours.get(one, "")) for name, one in self.classes]
        for name, colour in (*named, *self.styles):
            if colour and name in self.draft.nodes:
                self.draft.nodes[name].colour = colour

    def _word(self) -> str:
        at = self.at
        while at < len(self.text) and not self.text[at].isspace() and self.text[at] not in ";[({":
            at += 1
        return self.text[self.at : at]

    def _line(self, until_semicolon: bool = True) -> str:
        """The rest of the line, quotation marks kept together; the next statement begins after it."""
        begin, quoted = self.at, False
        while self.at < len(self.text) and self.text[self.at] != "\n":
            if self.text[self.at] == '"':
                quoted = not quoted
            if self.text[self.at] == ";" and until_semicolon and not quoted:
                break
            self.at += 1
        return self.text[begin : self.at]

    def _gap(self, at: int) -> int:
        while at < len(self.text) and self.text[at] in " \t":
            at += 1
        return at

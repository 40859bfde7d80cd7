"""Graphviz's language, read exactly (https://graphviz.org/doc/info/lang.html)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from cml_mm.diagrams.dot_looks import dot_heads, dot_label, dot_shape, dot_style, fill_of, is_invisible
from cml_mm.diagrams.dot_words import Word, dot_words
from cml_mm.diagrams.drafting import Draft, DraftEdge
from cml_mm.diagrams.source_faults import fault_at
from cml_mm.errors import LimitExceeded

_DEEPEST = 60
_MOST_ENDS = 20_000  # boxes named inside groups that arrows lead to, all arrows together


@dataclass(frozen=True)
class _Look:
    """Attributes with their values; those in angle brackets are HTML."""

    values: dict[str, Word]

    def text(self, key: str, otherwise: str = "") -> str:
        found = self.values.get(key)
        return found.text if found is not None else otherwise


@dataclass
class _Scope:
    """Inside one pair of braces: what holds for every box and arrow from here on."""

    node: dict[str, Word] = field(default_factory=dict)
    edge: dict[str, Word] = field(default_factory=dict)
    graph: dict[str, Word] = field(default_factory=dict)
    named: dict[str, None] = field(default_factory=dict)

    def inner(self) -> _Scope:
        return _Scope(dict(self.node), dict(self.edge), dict(self.graph))


def read_dot(text: str, title: str = "") -> tuple[Draft, str]:
    """Read a graph.

    Args:
        text: of the file; its first graph counts.
        title: used where the graph has no label.

    Returns:
        Its parts, and its direction: TB, BT, LR or RL.

    Raises:
        MediaUnreadable: a place in it cannot be read.
        LimitExceeded: it has too many parts, or is nested too deeply.
    """
    return _Graph(text, title).read()


class _Graph:
    """Goes through the words once."""

    def __init__(self, text: str, title: str) -> None:
        self.source = text
        self.words = dot_words(text)
        self.at = 0
        self.draft = Draft("dot", title)
        self.directed = True
        self.strict = False
        self.looks: dict[str, dict[str, Word]] = {}  # of every box
        self.joined: set[tuple[str, str]] = set()
        self.pending: list[tuple[str, str, _Look]] = []
        self.groups: dict[str, str] = {}  # a cluster's name and its key
        self.subgraphs: dict[str, dict[str, None]] = {}
        self.named_ends = 0

    def read(self) -> tuple[Draft, str]:
        self.strict = self._keyword("strict")
        if not self._keyword("digraph"):
            if not self._keyword("graph"):
                raise self._fault("graph or digraph")
            self.directed = False
        name = self._next().text if self._here.is_name else ""
        self._sign("{")
        scope = _Scope()
        self._statements(scope, "", 0)
        self._sign("}")
        if self._here.is_name and self._here.text.casefold() in {"graph", "digraph", "strict"}:
            self.draft.notices.append("The file holds several graphs; only the first was read.")
        elif self._here.kind != "end":
            raise self._fault("the end of the graph")
        label = scope.graph.get("label")
        if label is not None:
            self.draft.title = dot_label(label, name) or self.draft.title
        compound = scope.graph.get("compound")
        self._finish(compound is not None and compound.text.casefold() == "true")
        direction = scope.graph["rankdir"].text.upper() if "rankdir" in scope.graph else "TB"
        return self.draft, direction if direction in {"TB", "BT", "LR", "RL"} else "TB"

    @property
    def _here(self) -> Word:
        return self.words[self.at]

    def _next(self) -> Word:
        word = self.words[self.at]
        self.at = min(self.at + 1, len(self.words) - 1)
        return word

    def _fault(self, expected: str) -> Exception:
        return fault_at(self.source, self._here.at, "Graphviz", expected)

    def _keyword(self, word: str) -> bool:
        if self._here.kind == "bare" and self._here.text.casefold() == word:
            self._next()
            return True
        return False

    def _sign(self, sign: str) -> None:
        if not self._here.is_sign(sign):
            raise self._fault(sign)
        self._next()

    def _name(self) -> Word:
        if not self._here.is_name:
            raise self._fault("a name")
        return self._next()

    def _statements(self, scope: _Scope, group: str, depth: int) -> None:
        if depth > _DEEPEST:
            raise LimitExceeded(f"Subgraphs stand more than {_DEEPEST} deep in each other.", "Flatten the graph.")
        while not self._here.is_sign("}"):
            if self._here.is_sign(";") or self._here.is_sign(","):
                self._next()
                continue
            self._statement(scope, group, depth)

    def _statement(self, scope: _Scope, group: str, depth: int) -> None:
        word = self._here
        after = self.words[min(self.at + 1, len(self.words) - 1)]
        if word.kind == "bare" and word.text.casefold() in {"node", "edge", "graph"}:
            self._next()
            values = {"node": scope.node, "edge": scope.edge, "graph": scope.graph}[word.text.casefold()]
            values.update(self._attributes())
        elif word.is_name and after.is_sign("="):
            self._next()
            self._next()
            scope.graph[word.text.casefold()] = self._name()
        else:
            self._chain(scope, group, depth)

    def _chain(self, scope: _Scope, group: str, depth: int) -> None:
        """A box, a subgraph, or several joined by arrows."""
        ends = [self._end(scope, group, depth)]
        while self._here.is_sign("->") or self._here.is_sign("--"):
            self._next()
            ends.append(self._end(scope, group, depth))
        stated = self._attributes()
        if len(ends) == 1:
            if len(ends[0]) == 1 and stated:
                self.looks[ends[0][0]].update(stated)
            return
        look = _Look({**scope.edge, **stated})
        for sources, targets in pairwise(ends):
            self.named_ends += len(sources) * len(targets)
            if self.named_ends > _MOST_ENDS:
                raise LimitExceeded("This graph has too many arrows.", "Split it into several diagrams.")
            self.pending.extend((source, target, look) for source in sources for target in targets)

    def _end(self, scope: _Scope, group: str, depth: int) -> Sequence[str]:
        if self._here.is_sign("{") or (self._here.kind == "bare" and self._here.text.casefold() == "subgraph"):
            return self._subgraph(scope, group, depth)
        name = self._name().text
        if self._here.is_sign(":"):
            self._next()
            self._name()
            if self._here.is_sign(":"):
                self._next()
                self._name()
        self.draft.node(name)
        self.looks.setdefault(name, dict(scope.node))
        scope.named[name] = None
        return (name,)

    def _subgraph(self, scope: _Scope, group: str, depth: int) -> Sequence[str]:
        name = ""
        if self._keyword("subgraph"):
            name = self._next().text if self._here.is_name else ""
            if not self._here.is_sign("{"):
                return tuple(self.subgraphs.get(name, ()))
        self._sign("{")
        inner = scope.inner()
        inner.graph.pop("label", None)
        key = self.groups.get(name) or f"cluster-{len(self.groups) + 1}"
        own = name.startswith("cluster") or self._says_cluster()
        if own:
            self.groups[name or key] = key
            self.draft.container(key, "", group)
        self._statements(inner, key if own else group, depth + 1)
        self._sign("}")
        if own:
            label = inner.graph.get("label")
            if label is not None:
                self.draft.containers[key].label = dot_label(label, name)
            self.draft.containers[key].members.update(inner.named)
            self.draft.close(key)
        scope.named.update(inner.named)
        self.subgraphs.setdefault(name, {}).update(inner.named)
        return tuple(inner.named)

    def _says_cluster(self) -> bool:
        """Whether a subgraph of another name begins with `cluster=true`."""
        here = self.words[self.at : self.at + 3]
        return [word.text.casefold() for word in here] == ["cluster", "=", "true"]

    def _attributes(self) -> dict[str, Word]:
        found: dict[str, Word] = {}
        while self._here.is_sign("["):
            self._next()
            while not self._here.is_sign("]"):
                key = self._name().text.casefold()
                if self._here.is_sign("="):
                    self._next()
                    found[key] = self._name()
                else:
                    found[key] = Word("bare", "true", self._here.at)
                if self._here.is_sign(",") or self._here.is_sign(";"):
                    self._next()
            self._next()
        return found

    def _finish(self, compound: bool) -> None:
        seen: set[str] = set()
        for source, target, look in self.pending:
            if not is_invisible(look.text("style")):
                seen.update((source, target))
                self._edge(source, target, look, compound)
        for name, values in self.looks.items():
            look = _Look(values)
            if is_invisible(look.text("style")) and name not in seen:
                del self.draft.nodes[name]
                continue
            node = self.draft.nodes[name]
            node.label = dot_label(values["label"], name, look.text("shape")) if "label" in values else name
            node.shape = dot_shape(look.text("shape", "ellipse"), look.text("style"))
            if node.shape == "other" and look.text("shape") == "point":
                node.label = ""
            node.colour = fill_of(look.text("style"), look.text("fillcolor"), look.text("color"))

    def _edge(self, source: str, target: str, look: _Look, compound: bool) -> None:
        heads, backwards = dot_heads(look.text("dir"), look.text("arrowhead"), look.text("arrowtail"), self.directed)
        name = f"{source}{'->' if self.directed else '--'}{target}"
        label = " ".join(
            words
            for key in ("label", "xlabel", "taillabel", "headlabel")
            if key in look.values and (words := dot_label(look.values[key], name, "", source, target))
        )
        if compound:
            source = self.groups.get(look.text("ltail"), source)
            target = self.groups.get(look.text("lhead"), target)
        if backwards:
            source, target = target, source
        pair = (source, target) if self.directed or source < target else (target, source)
        if not (self.strict and pair in self.joined):
            self.joined.add(pair)
            style = dot_style(look.text("style"), look.text("penwidth"))
            self.draft.edge(DraftEdge(source, target, label, heads, style))

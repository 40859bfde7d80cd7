"""PlantUML's old activity diagrams: `(*) --> "action"` (https://plantuml.com/activity-diagram-legacy)."""

from __future__ import annotations

import re

from cml_mm.diagrams.drafting import Draft, DraftEdge
from cml_mm.diagrams.plantuml_lines import Line, line_fault, read_arrow, words_of
from cml_mm.errors import LimitExceeded

_END = re.compile(
    r'\s*(?:(?P<pole>\(\*(?:top)?\))|"(?P<words>[^"]+)"|(?P<bar>={2,}\s*(?P<bar_name>[^=]{1,100}?)\s*={2,})|(?P<bare>[^\W\d][\w]*))'
    r"(?:\s+as\s+(?P<alias>\w+))?(?:\s*#(?P<colour>\w+))?"
)
_LABEL = re.compile(r"\s*\[([^\]]{0,500})\]")
_IF = re.compile(r'if\s+"([^"]*)"(?:\s+then)?\s*(.*)$', re.I)
_GROUP = re.compile(r'partition\s+(?:#\w+\s+)?"?([^"{]{1,200}?)"?\s*(?:#\w+\s*)?\{$', re.I)
_DEEPEST = 60


def is_flow(lines: list[Line]) -> bool:
    """Whether these lines are an activity diagram in the old syntax."""
    return any("(*)" in line.text or "(*top)" in line.text for line in lines)


def read_flow(lines: list[Line], draft: Draft) -> None:
    """Read an activity diagram into a draft.

    Raises: MediaUnreadable, LimitExceeded.
    """
    flow = _Flow(draft)
    for line in lines:
        if not flow.takes(line.text):
            raise line_fault(line, "an arrow from one activity to another")


class _Flow:
    """Goes through the lines; an arrow without a beginning begins at the last activity."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.last = ""
        self.keys: dict[str, str] = {}  # words or alias of an activity, and its box
        self.tests: list[str] = []
        self.groups: list[str] = []

    def takes(self, text: str) -> bool:
        """Reads a line; False where it cannot."""
        group = _GROUP.match(text)
        if group is not None:
            if len(self.groups) + len(self.tests) >= _DEEPEST:
                raise LimitExceeded(f"Groups stand more than {_DEEPEST} deep in each other.", "Flatten the diagram.")
            name = f"group {len(self.draft.containers) + 1}"
            self.draft.container(name, words_of(group.group(1)), self.groups[-1] if self.groups else "")
            self.groups.append(name)
            return True
        if text == "}" and self.groups:
            self.groups.pop()
            return True
        asked = _IF.match(text)
        if asked is not None:
            return self._decision(words_of(asked.group(1)), asked.group(2))
        word = text.casefold()
        if word == "then":
            return True
        if word.split()[0] == "else" and self.tests:
            self.last = self.tests[-1]
            rest = text[4:].strip()
            return self.takes(rest) if rest else True
        if word in {"endif", "end if"} and self.tests:
            self.tests.pop()
            return True
        return self._arrow(text)

    def _decision(self, words: str, rest: str) -> bool:
        if len(self.tests) >= _DEEPEST:
            raise LimitExceeded(f"Decisions stand more than {_DEEPEST} deep in each other.", "Flatten the diagram.")
        name = f"test {len(self.draft.nodes) + 1}"
        node = self.draft.node(name)
        node.label, node.shape, node.container = words, "diamond", self.groups[-1] if self.groups else ""
        if self.last:
            self.draft.edge(DraftEdge(self.last, name))
        self.tests.append(name)
        self.last = name
        return self._arrow(rest) if rest.strip() else True

    def _arrow(self, text: str) -> bool:
        at, source = 0, self.last
        if not text.lstrip().startswith(("-", ".", "=[", "<-")):
            first = _END.match(text)
            if first is None:
                return False
            source, at = self._box(first, "start"), first.end()
            if not text[at:].strip():
                self.last = source
                return True
        while at < len(text) and text[at].isspace():
            at += 1
        arrow = read_arrow(text, at)
        if arrow is None or not source:
            return False
        label = ""
        found = _LABEL.match(text, arrow.end)
        at = arrow.end
        if found is not None:
            label, at = words_of(found.group(1)), found.end()
        to_test = _IF.match(text[at:].strip())
        if to_test is not None:
            self.last = source
            before = len(self.draft.edges)
            done = self._decision(words_of(to_test.group(1)), to_test.group(2))
            if len(self.draft.edges) > before:
                self.draft.edges[before].label = label
            return done
        target = _END.match(text, at)
        if target is None or text[target.end() :].strip():
            return False
        key = self._box(target, "end")
        one, other = (key, source) if arrow.backwards else (source, key)
        self.draft.edge(DraftEdge(one, other, label, arrow.heads, arrow.style))
        self.last = key
        return True

    def _box(self, found: re.Match[str], pole: str) -> str:
        if found.group("pole"):
            key = "Start" if found.group("pole") == "(*top)" else pole.capitalize()
            node = self.draft.node(f"({key})")
            node.label, node.shape = key, "circle"
            return f"({key})"
        words = found.group("bar_name") or words_of(found.group("words") or found.group("bare"))
        key = self.keys.get(words, words)
        if found.group("alias"):
            key = self.keys[found.group("alias")] = self.keys[words] = words
        node = self.draft.node(key)
        if node.label is None:
            node.label, node.shape = words, "box" if found.group("bar") else "rounded"
            node.container = self.groups[-1] if self.groups else ""
        return key

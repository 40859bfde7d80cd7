"""Mermaid's state diagrams and mindmaps: what they share with flowcharts, line by line."""

from __future__ import annotations

import re

from cml_mm.diagrams.drafting import Draft, DraftEdge
from cml_mm.diagrams.label_text import one_line
from cml_mm.diagrams.mermaid_shapes import label_words, read_box
from cml_mm.diagrams.source_faults import fault_at
from cml_mm.diagrams.values import NodeShape
from cml_mm.errors import LimitExceeded

_NAME = r"(\[\*\]|[^\s:{}\"<>-](?:[^\s:{}\"<>-]|-(?!-))*)"
_ARROW = re.compile(rf"{_NAME}(?::::[\w-]+)?\s*-->\s*{_NAME}(?::::[\w-]+)?\s*(?::\s*(.*))?$")
_NAMED = re.compile(r'state\s+"([^"]*)"\s+as\s+([^\s{]+)\s*(\{)?$')
_STATE = re.compile(r"state\s+([^\s{<\"]+)\s*(<<\w+>>|\[\[\w+\]\])?\s*(\{)?\s*$")
_SAID = re.compile(rf"{_NAME}\s*:\s*(.+)$")
_SHAPES: dict[str, NodeShape] = {"choice": "diamond", "fork": "box", "join": "box"}
_IGNORED = re.compile(r"(?:classDef|class|style|scale|hide|accTitle|accDescr|--$|note\s+(?:left|right)\s+of\s+[^:]+:)")
_DEEPEST = 60


def read_states(text: str, body: int, draft: Draft) -> str:
    """Read a state diagram into a draft; its direction comes back.

    Raises: MediaUnreadable, LimitExceeded.
    """
    direction = "TB"
    open_states: list[str] = []
    at, noted = body, False
    for line in text[body:].split("\n"):
        here, at = at, at + len(line) + 1
        line = line.strip().rstrip(";").strip()
        if noted or re.match(r"note\s+(?:left|right)\s+of\s+\S+$", line):
            noted = line != "end note"
            continue
        if not line or _IGNORED.match(line):
            continue
        if line == "}" and open_states:
            draft.close(open_states.pop())
            continue
        words = line.split()
        if words[0] == "direction" and len(words) == 2:
            direction = words[1].upper() if not open_states else direction
            continue
        if not _state_line(line, draft, open_states):
            raise fault_at(text, here, "mermaid", "a state or a transition")
    return direction if direction in {"TB", "BT", "LR", "RL"} else "TB"


def _state_line(line: str, draft: Draft, open_states: list[str]) -> bool:
    found = _ARROW.match(line)
    if found is not None:
        source = _state(draft, found.group(1), open_states, "start")
        target = _state(draft, found.group(2), open_states, "end")
        draft.edge(DraftEdge(source, target, label_words(found.group(3) or "")))
        return True
    named = _NAMED.match(line)
    stated = _STATE.match(line)
    if named is not None or stated is not None:
        name = named.group(2) if named is not None else stated.group(1) if stated is not None else ""
        label = label_words(named.group(1)) if named is not None else name
        if line.endswith("{"):
            if len(open_states) >= _DEEPEST:
                raise LimitExceeded(f"States stand more than {_DEEPEST} deep in each other.", "Flatten the diagram.")
            known = draft.nodes.pop(name, None)
            if known is not None and known.label and named is None:
                label = known.label
            draft.container(name, label, open_states[-1] if open_states else "")
            open_states.append(name)
            return True
        name = _state(draft, name, open_states, "")
        draft.nodes[name].label = label
        if stated is not None and stated.group(2):
            draft.nodes[name].shape = _SHAPES.get(stated.group(2).strip("<>[]"), "circle")
        return True
    said = _SAID.match(line)
    if said is not None:
        name = _state(draft, said.group(1), open_states, "")
        draft.nodes[name].label = label_words(said.group(2))
        return True
    if re.fullmatch(_NAME, line):
        _state(draft, line, open_states, "")
        return True
    return False


def _state(draft: Draft, name: str, open_states: list[str], pole: str) -> str:
    """The box of a state; `[*]` is the start or the end of the state around it."""
    place = open_states[-1] if open_states else ""
    if name == "[*]":
        key = f"{place}[*]{pole}"
        node = draft.node(key)
        node.label, node.shape = ("Start" if pole == "start" else "End"), "circle"
    else:
        key = name
        if key in draft.containers:
            draft.node(key)
            return key
        node = draft.node(key)
        node.shape = node.shape or "rounded"
    if place:
        draft.containers[place].members[key] = None
    return key


def read_mindmap(text: str, body: int, draft: Draft) -> None:
    """Read a mindmap into a draft: a tree by indentation, its lines without heads.

    Raises: MediaUnreadable, LimitExceeded.
    """
    above: list[tuple[int, str]] = []  # indentation and name of the branch so far
    for line in text[body:].split("\n"):
        words = line.strip()
        if not words or words.startswith(("::icon", ":::")):
            continue
        depth = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
        while above and above[-1][0] >= depth:
            above.pop()
        name = f"branch-{len(draft.nodes) + 1}"
        node = draft.node(name)
        node.label, node.shape = _branch(words)
        if above:
            draft.edge(DraftEdge(above[-1][1], name, heads="none"))
        above.append((depth, name))


def _branch(words: str) -> tuple[str, NodeShape]:
    for signs in ("))", ")"):
        if signs in words and words.endswith(signs.replace(")", "(")):
            head, _, inside = words.partition(signs)
            return label_words(inside[: -len(signs)]) or one_line(head), "other"
    for at, sign in enumerate(words[:200]):
        if sign in "([{":
            box = read_box(words, at)
            if box is not None and box.end == len(words):
                return box.label, box.shape
            break
    return label_words(words), "text"

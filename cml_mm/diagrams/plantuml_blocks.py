"""What an activity diagram keeps in mind while it is read: open ends, open blocks, questions in brackets."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cml_mm.diagrams.drafting import Draft, DraftEdge
from cml_mm.diagrams.plantuml_lines import Line, words_of
from cml_mm.diagrams.values import LineStyle, NodeShape
from cml_mm.errors import LimitExceeded

_PROOF = re.compile(
    r"(?:start|stop|repeat|fork|split)\s*$|(?:if|while|switch)\s*\(|(?:#[^:\s]{1,60})?:(?:.*;|[^:]*[|<>/\]}])$",
    re.I,
)
_MOST_LOOSE = 400  # ends that wait for the next action
_DEEPEST = 60


LANE = re.compile(r"\|(?:(#[^|]{1,60})\|)?([^|]{1,200})\|(?:([^|]{1,200})\|?)?$")


@dataclass(frozen=True)
class Loose:
    """An arrow that has begun at a box and has no end yet."""

    source: str
    label: str = ""
    style: LineStyle = "solid"


@dataclass
class Block:
    """An `if`, a loop, a fork, a group: what is remembered until it closes."""

    kind: str
    test: str = ""  # the box of the decision
    otherwise: str = ""  # the label of the way past it
    before: list[Loose] = field(default_factory=list)  # what led here
    done: list[Loose] = field(default_factory=list)  # ends of branches that are complete
    entry: str = ""  # the first box inside a repeat
    lane: str = ""


def is_activity(lines: list[Line]) -> bool:
    """Whether these lines are an activity diagram in the new syntax."""
    return any(_PROOF.match(line.text) or LANE.match(line.text) for line in lines) and not any(
        line.text.startswith("(*)") for line in lines
    )


def asked_in(text: str, *then: str) -> tuple[str, str]:
    """What stands in the first brackets, and in those behind one of some words."""
    first, at = bracketed(text, text.find("("))
    for word in then:
        found = re.search(rf"\b{word}\b\s*\(", text[at:])
        if found is not None:
            return first, bracketed(text, at + found.end() - 1)[0]
    return first, ""


def bracketed(text: str, at: int) -> tuple[str, int]:
    """The words in brackets that open at `at`, and where they have closed; brackets inside may nest."""
    depth = 0
    for here in range(max(at, 0), len(text) if at >= 0 else 0):
        depth += {"(": 1, ")": -1}.get(text[here], 0)
        if not depth:
            return words_of(text[at + 1 : here]), here + 1
    return "", 0


class Walk:
    """Where a reader stands in an activity diagram: the open ends, the open blocks, and the lane."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.loose: list[Loose] = []
        self.blocks: list[Block] = []
        self.lane = ""
        self.lanes: dict[str, str] = {}
        self.count = 0
        self.breaks: list[tuple[int, Loose]] = []

    def _box(self, label: str, shape: NodeShape, colour: str = "") -> str:
        """A new box, with every loose arrow ending there."""
        self.count += 1
        name = f"step-{self.count}"
        node = self.draft.node(name)
        node.label, node.shape, node.colour = label, shape, colour
        node.container = self.lane
        self._arrive(name)
        return name

    def _arrive(self, name: str) -> None:
        for loose in self.loose:
            self.draft.edge(DraftEdge(loose.source, name, loose.label, "target", loose.style))
        for block in self.blocks:
            if block.kind == "repeat" and not block.entry:
                block.entry = name
        self.loose = []

    def _push(self, block: Block) -> bool:
        if len(self.blocks) >= _DEEPEST:
            raise LimitExceeded(f"Decisions stand more than {_DEEPEST} deep in each other.", "Flatten the diagram.")
        self.blocks.append(block)
        return True

    def _top(self, *kinds: str) -> Block | None:
        return self.blocks[-1] if self.blocks and self.blocks[-1].kind in kinds else None

    def _keep(self, block: Block) -> None:
        block.done.extend(self.loose)
        if len(block.done) > _MOST_LOOSE:
            raise LimitExceeded(f"More than {_MOST_LOOSE} branches meet in one place.", "Split the diagram.")

    def _broken(self) -> list[Loose]:
        depth = len(self.blocks)
        out = [loose for at, loose in self.breaks if at == depth]
        self.breaks = [(at, loose) for at, loose in self.breaks if at != depth]
        return out

    def _gone(self) -> bool:
        self.loose = []
        return True

    def _connector(self, name: str) -> bool:
        key = f"connector {name}"
        node = self.draft.node(key)
        node.label, node.shape = name, "circle"
        self._arrive(key)
        self.loose = [Loose(key)]
        return True

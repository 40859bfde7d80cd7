"""PlantUML's activity diagrams: actions, decisions, loops, forks, lanes (https://plantuml.com/activity-diagram-beta)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from cml_mm.diagrams.drafting import Draft, DraftEdge
from cml_mm.diagrams.plantuml_blocks import LANE, Block, Loose, Walk, asked_in, bracketed
from cml_mm.diagrams.plantuml_lines import Line, colour_of, line_fault, words_of
from cml_mm.diagrams.values import LineStyle

_ACTION = re.compile(r"(?:(#[^:\s;]{1,60});?)?:(.*)$", re.S)
_ENDS = re.compile(r"(.*?)[;|<>/\]}](?:\s*<<[^<>]{0,100}>>)?\s*$", re.S)
_ARROW = re.compile(r"-(?:\[([^\]]{0,200})\])?-?>\s*(.*?);?$")
_WORDS = re.compile(r"([a-z]+(?:\s+[a-z]+)?)", re.I)
_OTHERWISE = re.compile(r"\([^()]{0,200}\)\s*(else\s?if)\b", re.I)
_GROUP = re.compile(r"(?:partition|group|package|rectangle|card)\s+(?:#\S+\s+)?(.*?)\s*(?:#[\w;:]+)?\s*\{$", re.I)


def read_activity(lines: list[Line], draft: Draft) -> None:
    """Read an activity diagram into a draft.

    Raises: MediaUnreadable, LimitExceeded.
    """
    _Activity(draft).read(lines)


class _Activity(Walk):
    """Walks through the actions, keeping the arrows that wait for their target."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft)
        self.doing: dict[str, Callable[[str], bool]] = {
            "start": lambda _: self._mark("Start", False),
            "stop": lambda _: self._mark("Stop", True),
            "end": lambda _: self._mark("End", True),
            "kill": lambda _: self._gone(),
            "detach": lambda _: self._gone(),
            "break": lambda _: self._break(),
            "if": self._if,
            "elseif": self._elseif,
            "else if": self._elseif,
            "else": self._else,
            "endif": lambda _: self._endif("if"),
            "switch": self._switch,
            "case": self._case,
            "endswitch": lambda _: self._endif("switch"),
            "while": self._while,
            "endwhile": self._endwhile,
            "repeat": self._repeat,
            "repeat while": self._repeat_while,
            "backward": self._backward,
            "fork": lambda _: self._branch("fork"),
            "fork again": lambda _: self._again("fork"),
            "end fork": lambda _: self._join("fork"),
            "end merge": lambda _: self._join("fork"),
            "split": lambda _: self._branch("split"),
            "split again": lambda _: self._again("split"),
            "end split": lambda _: self._join("split"),
        }

    def read(self, lines: list[Line]) -> None:
        rest = iter(lines)
        for line in rest:
            if not (self._action(line, rest) or self._arrow(line.text) or self._lane(line.text) or self._word(line)):
                raise line_fault(line, "an action, a decision, a loop or a lane")

    def _word(self, line: Line) -> bool:
        text = line.text.rstrip(";").strip()
        group = _GROUP.match(text)
        if group is not None:
            return self._open_group(words_of(group.group(1).strip('"')))
        if text == "}":
            return self._close_group()
        connector = re.fullmatch(r"\((\w{1,20})\)", text)
        if connector is not None:
            return self._connector(connector.group(1))
        if re.match(r"(?:label|goto)\s", text, re.I):
            return True
        found = _WORDS.match(text) or _OTHERWISE.match(text)
        if found is None:
            return False
        words = " ".join(found.group(1).casefold().split())
        joined = {"endfork": "end fork", "endmerge": "end merge", "endsplit": "end split", "forkagain": "fork again",
                  "end while": "endwhile", "end if": "endif", "end switch": "endswitch"}  # fmt: skip
        words = joined.get(words, words)
        for name in (words, words.split()[0]):
            if name in self.doing:
                return self.doing[name](text)
        return False

    def _action(self, line: Line, rest: Iterator[Line]) -> bool:
        found = _ACTION.match(line.text)
        if found is None:
            return False
        said = found.group(2)
        held: list[str] = []
        while (ended := _ENDS.match(said)) is None:
            held.append(said)
            more = next(rest, None)
            if more is None:
                raise line_fault(line, "“;” at the end of this action")
            said = more.text
        held.append(ended.group(1))
        box = self._box(words_of("\n".join(held)), "rounded", colour_of(found.group(1)) if found.group(1) else "")
        self.loose = [Loose(box)]
        return True

    def _arrow(self, text: str) -> bool:
        found = _ARROW.match(text)
        if found is None:
            return False
        styles = (found.group(1) or "").casefold()
        style: LineStyle = "dashed" if "dashed" in styles else "dotted" if "dotted" in styles else "solid"
        if "bold" in styles:
            style = "thick"
        label = words_of(found.group(2))
        self.loose = [Loose(one.source, " ".join(filter(None, (one.label, label))), style) for one in self.loose]
        return True

    def _lane(self, text: str) -> bool:
        found = LANE.match(text)
        if found is None:
            return False
        key = found.group(2).strip()
        if key not in self.lanes:
            label = words_of((found.group(3) or key).strip())
            self.lanes[key] = f"lane {key}"
            self.draft.container(self.lanes[key], label)
        self.lane = self.lanes[key]
        return True

    def _mark(self, label: str, last: bool) -> bool:
        box = self._box(label, "circle")
        self.loose = [] if last else [Loose(box)]
        return True

    def _break(self) -> bool:
        depth = max((at for at, block in enumerate(self.blocks) if block.kind in {"while", "repeat"}), default=-1)
        self.breaks.extend((depth, loose) for loose in self.loose)
        self.loose = []
        return True

    def _if(self, text: str) -> bool:
        asked, then = asked_in(text, "then", "is", "equals")
        box = self._box(asked, "diamond")
        self._push(Block("if", box))
        self.loose = [Loose(box, then)]
        return True

    def _elseif(self, text: str) -> bool:
        block = self._top("if")
        if block is None or not block.test:  # after the else
            return False
        way, sign, after = text.partition("elseif" if "elseif" in text else "else if")
        asked, then = asked_in(after if sign else text, "then", "is", "equals")
        self._keep(block)
        self.loose = [Loose(block.test, words_of(way.strip(" ()")) or block.otherwise)]
        block.test = self._box(asked, "diamond")
        block.otherwise = ""
        self.loose = [Loose(block.test, then)]
        return True

    def _else(self, text: str) -> bool:
        block = self._top("if")
        if block is None or not block.test:  # a second else of the same decision
            return False
        self._keep(block)
        self.loose = [Loose(block.test, bracketed(text, text.find("("))[0])]
        block.test = ""
        return True

    def _endif(self, kind: str) -> bool:
        block = self._top(kind)
        if block is None:
            return False
        self._keep(block)
        self.blocks.pop()
        past = [Loose(block.test, block.otherwise)] if block.test and kind == "if" else []
        self.loose = [*block.done, *past]
        return True

    def _switch(self, text: str) -> bool:
        asked, _ = asked_in(text, "then")
        box = self._box(asked, "diamond")
        self._push(Block("switch", box))
        return True

    def _case(self, text: str) -> bool:
        block = self._top("switch")
        if block is None:
            return False
        self._keep(block)
        self.loose = [Loose(block.test, asked_in(text, "then")[0])]
        return True

    def _while(self, text: str) -> bool:
        asked, label = asked_in(text, "is", "equals")
        box = self._box(asked, "diamond")
        self._push(Block("while", box))
        self.loose = [Loose(box, label)]
        return True

    def _endwhile(self, text: str) -> bool:
        block = self._top("while")
        if block is None:
            return False
        self._arrive(block.test)
        self.blocks.pop()
        self.loose = [Loose(block.test, asked_in(text, "is")[0]), *self._broken()]
        return True

    def _repeat(self, text: str) -> bool:
        self._push(Block("repeat"))
        action = text[len("repeat") :].strip()
        if action.startswith(":"):
            self.loose = [Loose(self._box(words_of(action[1:].rstrip(";")), "rounded"))]
        return True

    def _repeat_while(self, text: str) -> bool:
        block = self._top("repeat")
        if block is None:
            return False
        asked, again = asked_in(text, "is", "equals")
        _, past = asked_in(text, "not")
        back = block.before
        if asked or again or past or back:
            box = self._box(asked, "diamond")
            ways = [Loose(box, again)]
        else:
            ways = list(self.loose)
            box = ""
        if back:
            self.loose = ways
            self._arrive(back[0].source)
            ways = back
        for way in ways:
            self.draft.edge(DraftEdge(way.source, block.entry or way.source, way.label, "target", way.style))
        self.blocks.pop()
        self.loose = [*([Loose(box, past)] if box else ways), *self._broken()]
        return True

    def _backward(self, text: str) -> bool:
        block = self._top("repeat", "while")
        if block is None:
            return False
        waiting, self.loose = self.loose, []
        entry = block.entry
        box = self._box(words_of(text.partition(":")[2]), "rounded")
        block.entry = entry
        if block.kind == "while":
            self.loose = waiting
            self._arrive(box)
            self.loose = [Loose(box)]
        else:
            block.before = [Loose(box)]
            self.loose = waiting
        return True

    def _branch(self, kind: str) -> bool:
        return self._push(Block(kind, before=list(self.loose)))

    def _again(self, kind: str) -> bool:
        block = self._top(kind)
        if block is None:
            return False
        self._keep(block)
        self.loose = list(block.before)
        return True

    def _join(self, kind: str) -> bool:
        block = self._top(kind)
        if block is None:
            return False
        self._keep(block)
        self.blocks.pop()
        self.loose = list(block.done)
        return True

    def _open_group(self, label: str) -> bool:
        name = f"group {len(self.draft.containers) + 1}"
        self.draft.container(name, label, self.lane)
        self._push(Block("group", lane=self.lane))
        self.lane = name
        return True

    def _close_group(self) -> bool:
        block = self._top("group")
        if block is None:
            return False
        self.lane = block.lane
        self.blocks.pop()
        return True

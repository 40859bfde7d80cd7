"""The labels of a diagram in a question: found in any form, and kept apart from the words around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cml_mm.diagrams.labels import NEAR, folded, ranked, same_part, stem_of, stems_of
from cml_mm.diagrams.structure import DiagramGraph

MOST_NEAR = 3  # labels that are named where none is the one that was said
_MARK = "ꙫ"  # a letter that no question holds, so that what it marks is read as a word
_HELD = re.compile(rf"{_MARK}(\d+){_MARK}")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_QUOTED = re.compile(r"[“\"«](?P<inner>[^“”\"«»]+)[”\"»]|(?<!\w)['‘](?P<single>[^'‘’]+)['’](?!\w)")
_BARE = frozenset("a an the of our my your their its this that these those".split())
_AROUND = re.compile(
    r"^(?:(?:the|a|an|our|my|your|this|that|these|those|its|their)\s+)*(?:(?:box|node|step|lane|group|circle|shape|stage)\s+"
    r"(?:called\s+|named\s+|labelled\s+|of\s+)?)?|(?:['’]s)?\s+(?:box|node|step|lane|swimlane|shape|stage|column)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Subject:
    """What a question names: `parts` are the ids that bear it, empty where the diagram has none.

    `near` are the labels that come nearest where none is the one that was said.
    """

    said: str
    parts: tuple[str, ...] = ()
    label: str = ""
    near: tuple[str, ...] = ()


@dataclass(frozen=True)
class Masked:
    """A question in which whole labels stand as marks, so that their words are not read as its own."""

    whole: str
    text: str
    held: tuple[Subject, ...] = ()

    def shown(self, part: str) -> str:
        """A piece of it with the labels as they were said."""
        return _HELD.sub(lambda found: self.held[int(found[1])].said, part)


@dataclass(frozen=True)
class Names:
    """The labels of one diagram."""

    boxes: tuple[tuple[str, str], ...]  # id and label
    lanes: tuple[tuple[str, str], ...]
    _stems: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, graph: DiagramGraph) -> Names:
        boxes = tuple((node.id, node.label) for node in graph.diagram.nodes if node.label.strip())
        lanes = tuple((lane.id, lane.label) for lane in graph.diagram.containers if lane.label.strip())
        return cls(boxes, lanes, {id: stems_of(label) for id, label in (*boxes, *lanes)})

    def find(self, said: str, asked: Masked, pool: str = "all", least: float = 0.6) -> Subject:
        """What a piece of a masked question names.

        Args:
            pool: "boxes", "lanes" or "all"; of all, boxes go before lanes of the same name.
            least: likeness below which nothing is meant.
        """
        one = _HELD.fullmatch(said.strip(" ?.!,;:"))
        if one:
            said = asked.held[int(one[1])].said
        shown = asked.shown(said).strip(" ?.!,;:")
        core = _AROUND.sub("", shown).strip(" ?.!,;:“”\"'‘’") or shown
        labels = {"boxes": self.boxes, "lanes": self.lanes}.get(pool, (*self.boxes, *self.lanes))
        for text in dict.fromkeys((shown, core)):
            found = [like for like in same_part(text, labels) if like.score >= least]
            if found:
                of_boxes = {id for id, _ in self.boxes}
                both = {like.part in of_boxes for like in found}
                kept = [like for like in found if like.part in of_boxes] if len(both) > 1 else found
                return Subject(core, tuple(like.part for like in kept), kept[0].label)
        near = [like.label for like in ranked(core, labels) if like.score >= NEAR]
        return Subject(core, (), "", tuple(dict.fromkeys(near))[:MOST_NEAR])

    def masked(self, question: str) -> Masked:
        """The question with quoted words and whole labels of two or more words held apart."""
        held: list[Subject] = []

        def hold(said: str) -> str:
            held.append(Subject(said))
            return f"{_MARK}{len(held) - 1}{_MARK}"

        text = _QUOTED.sub(lambda found: hold(found["inner"] or found["single"]), question.replace(_MARK, " "))
        order = sorted(self._stems.values(), key=len, reverse=True)
        for stems in dict.fromkeys(order):
            if len(stems) < 2:
                break
            while place := _place_of(stems, text):
                start, end = place
                text = f"{text[:start]}{hold(text[start:end])}{text[end:]}"
        return Masked(question, text, tuple(held))


def _place_of(stems: Sequence[str], text: str) -> tuple[int, int] | None:
    """Where a label stands in a text, in whatever form of its words; articles within it are passed over."""
    free = [found for found in _WORD.finditer(_HELD.sub(lambda one: " " * len(one[0]), text))]
    words = [found for found in free if folded(found[0]) not in _BARE]
    said = [stem_of(re.split("['’]", folded(found[0]))[0]) for found in words]
    size = len(stems)
    for at in range(len(words) - size + 1):
        if said[at : at + size] == list(stems) and _MARK not in text[words[at].start() : words[at + size - 1].end()]:
            return words[at].start(), words[at + size - 1].end()
    return None

"""Whether an answer about a diagram is right: what it must say, what it must not name, what it must cite."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cml_mm.diagrams.labels import SURE, likeness
from cml_mm.diagrams.values import DiagramEdge
from cml_mm.types import Answer, PictureArea
from cml_mm.visits import StoredFile

NOT_THERE = "not in the diagram"
# Kinds of question whose answer is a list of boxes, so that a box too many is a mistake that can be seen.
LISTS = frozenset(
    """before after branch condition lane ends roots leaves hub unconnected between neighbours bottleneck
    decisions lanes""".split()
)
LIBRARY = frozenset({"missing"})  # answered out of the library's relations
_DENIES = re.compile(r"^\W*(?:no|not|nothing|none|neither)\b", re.IGNORECASE)
_AFFIRMS = re.compile(r"^\W*yes\b", re.IGNORECASE)
_QUOTED = re.compile("“([^”]*)”")

Part = tuple[str, ...]


@dataclass(frozen=True)
class DiagramAsked:
    """A question with what its answer must say and cite.

    `parts` holds a box as its label alone, an arrow as the labels of its ends. `after` are the
    questions before it in the same conversation; `beside` is a second file on the shelf.
    """

    id: str
    set: str
    kind: str
    file: str
    beside: str
    question: str
    after: tuple[str, ...]
    answer: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Judged:
    """`wanted`, `met` and `cited`, `fitting`: parts to be cited, those that were; parts cited, those that belong."""

    asked: DiagramAsked
    fault: str
    wanted: int = 0
    met: int = 0
    cited: int = 0
    fitting: int = 0
    told: str = ""

    @property
    def right(self) -> bool:
        return not self.fault


def judged(asked: DiagramAsked, answer: Answer, files: Sequence[StoredFile]) -> Judged:
    """Compares one answer with what was wanted.

    Args:
        files: everything that was on the shelf.

    A part that is cited belongs where it is wanted or is an end of a wanted arrow. Where no part
    is wanted, citations are not counted.
    """
    cited = cited_parts(answer, files)
    told = " ".join([answer.title, "|", *(sentence.text for sentence in answer.sentences)])
    fault = _fault(asked, answer, files, cited)
    if not asked.parts:
        return Judged(asked, fault, told=told)
    met = sum(any(_same_part(part, one) for one in cited) for part in asked.parts)
    belong = {*asked.parts, *((end,) for part in asked.parts for end in part)}
    fitting = sum(any(_same_part(part, one) for part in belong) for one in cited)
    return Judged(asked, fault, len(asked.parts), met, len(cited), fitting, told)


def cited_parts(answer: Answer, files: Iterable[StoredFile]) -> tuple[Part, ...]:
    """Every box as (label,) and every arrow as (from, to) that sentences cite, each once; lanes left out."""
    used = {number for sentence in answer.sentences for number in sentence.cites}
    found: dict[Part, None] = {}
    for file in files:
        ids = [
            part
            for item in answer.evidence
            if item.number in used and item.source.slug == file.card.id and isinstance(item.locator, PictureArea)
            for part in item.locator.parts
        ]
        for diagram in file.read.diagrams:
            labels = {node.id: node.label for node in diagram.nodes}
            edges = {edge.id: edge for edge in diagram.edges}
            places = {**labels, **{one.id: one.label for one in diagram.containers}}
            for id in ids:
                if id in edges:
                    found[_ends(edges[id], places)] = None
                elif id in labels:
                    found[(labels[id],)] = None
    return tuple(found)


def _ends(edge: DiagramEdge, labels: dict[str, str]) -> Part:
    return labels[edge.source], labels[edge.target]


def _fault(asked: DiagramAsked, answer: Answer, files: Sequence[StoredFile], cited: Sequence[Part]) -> str:
    """What is wrong with the answer; "" where nothing is."""
    if asked.kind == "beside":
        return "answered from the diagram's arrows" if cited else ""
    if asked.answer == (NOT_THERE,):
        says = NOT_THERE in _all_of(answer) or answer.status == "not_in_library"
        return "" if says and not cited else "does not say that it is not in the diagram"
    if answer.status != "answered":
        return "refused"
    if asked.kind in LIBRARY:
        return "" if any(item.source.owner != "visitor" for item in answer.evidence) else "cites nothing of the library"
    missing = [value for value in asked.answer if not _says(answer, value, bool(asked.beside))]
    if missing:
        return f"does not say {missing}"
    extra = _extra(asked, answer, files)
    return f"names {extra} as well" if extra else ""


def _all_of(answer: Answer) -> str:
    return " ".join([answer.title, *(sentence.text for sentence in answer.sentences)])


def _says(answer: Answer, value: str, of_two: bool) -> bool:
    """Whether it says one value; of two diagrams a "no" may stand with the second."""
    text = _all_of(answer)
    first = answer.sentences[0].text if answer.sentences else ""
    if value in ("yes", "no"):
        form = _AFFIRMS if value == "yes" else _DENIES
        each = [sentence.text for sentence in answer.sentences] if of_two else [first]
        return any(form.match(one) for one in (answer.title, *each))
    if value.isdigit():
        bare = [_QUOTED.sub(" ", one) for one in (answer.title, *(sentence.text for sentence in answer.sentences[:2]))]
        return any(value in re.findall(r"\d+", one) for one in bare)
    if value in ("+", "-"):
        return value in text or (value == "-" and "−" in text)
    if value.lower().replace("-", " ") in text.lower().replace("-", " "):
        return True
    return any(likeness(name, value) >= SURE for name in _QUOTED.findall(text))


def _extra(asked: DiagramAsked, answer: Answer, files: Sequence[StoredFile]) -> list[str]:
    """Boxes that a list names although they are no answer, no wanted part and not in the question."""
    if asked.kind not in LISTS or {"yes", "no"} & set(asked.answer):
        return []
    labels = {node.label for file in files for diagram in file.read.diagrams for node in diagram.nodes}
    named = {label for label in labels for name in _QUOTED.findall(_all_of(answer)) if name.lower() == label.lower()}
    allowed = {*asked.answer, *(end for part in asked.parts for end in part)}
    said = " ".join((*asked.after, asked.question))
    return sorted(
        label
        for label in named
        if not any(likeness(label, one) >= SURE for one in allowed) and not _in_words(label, said)
    )


def _in_words(label: str, said: str) -> bool:
    """Whether most of a label's words stand in a question, in whatever form."""
    own, words = label.lower().split(), said.lower().replace("?", " ").split()
    held = sum(any(likeness(word, other) >= SURE for other in words) for word in own)
    return held >= 0.5 * len(own)


def _same_part(one: Part, other: Part) -> bool:
    return len(one) == len(other) and all(likeness(a, b) >= SURE for a, b in zip(one, other, strict=True))

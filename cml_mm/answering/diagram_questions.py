"""What a question wants of a diagram: read by its form, with the boxes that it names looked up in the diagram.

The same words can name a box or mean something else ("what comes next?" and a box "Next"), so a form
counts only where what stands in its places is found among the labels. What is said of a diagram
and not found in it is kept, so that the answer can say so and name what comes near.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cml_mm.answering.diagram_conditions import edges_saying, edges_under
from cml_mm.answering.diagram_counts import CountWish, count_wish
from cml_mm.answering.diagram_flow_forms import FLOW_FORMS
from cml_mm.answering.diagram_forms import FORMS, LEAD, OF_DIAGRAM, PLACE, DiagramQuestionKind, Form
from cml_mm.answering.diagram_loose import read_loosely
from cml_mm.answering.diagram_mentions import Mentions
from cml_mm.answering.diagram_names import Masked, Names, Subject
from cml_mm.diagrams.structure import DiagramGraph

LONGEST = 260  # characters of a question that is read as one of a diagram
LONGEST_NAME = 7  # words that may name a box that is not there
_LANES_ONLY = frozenset({"in_lane"})
_BOXES_ONLY = frozenset({"lane_of", "about"})
_NEVER_MISSING = frozenset("about verb_of verb_by lane_of condition colour patterns boxes arrows".split())
_TURNED = re.compile(
    r"after|behind|below|under|downstream|later|depend|need|rely|follow$|require|reached from|preceded"
)
_PATTERN_TAIL = re.compile(
    r"[,;.?]?\s*(?:\band\b|\bor\b|[,;?])\s*(?P<tail>(?:(?:which|what)\b[^?]{0,30}\bpatterns?\b"
    r"|(?:is|are) (?:that|it|there|they|those)\b[^?]{0,20}\bpatterns?\b"
    r"|what (?:is|does) (?:that|the) patterns?\b)[^?]*)\W*$",
    re.IGNORECASE,
)
_RELATIONS = (
    ("REQUIRES", r"requir|need|depend|rel(?:y|ies)|build"),
    ("ENABLES", r"enabl|lead|make|possible"),
    ("TENSIONS_WITH", r"tension|pull"),
    ("COMPLEMENTS", r"complement|well with|goe?s? with"),
)
_IS = re.compile(r"\b(what|who|where|how)['’]s\b", re.IGNORECASE)
_NOTHING = re.compile(
    r"^(?:we|you|us|i|one|people|someone|somebody|it|this|that|they|them|these|those|he|she|here|there|all"
    r"|everything|anything|any of \w+|each other|one|more"
    r"|the (?:rest|others?|start|beginning|end|diagram|chart|picture))$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class DiagramQuestion:
    """What is wanted.

    `subjects` and `others` are the boxes or lanes that stand in the first and the second place of
    the form; where one of them was not found, its `parts` are empty. `words` is a condition, a
    verb or a colour as said, `edges` the ids of the arrows that say it. `turned` says that the
    second is asked to come before the first. `patterns` asks for the patterns of what is found as
    well, `relation` for what these require or enable.
    """

    question: str
    kind: DiagramQuestionKind
    subjects: tuple[Subject, ...] = ()
    others: tuple[Subject, ...] = ()
    words: str = ""
    edges: tuple[str, ...] = ()
    turned: bool = False
    count: CountWish | None = None
    patterns: bool = False
    relation: str = ""

    @property
    def missing(self) -> tuple[Subject, ...]:
        """What is asked about and not in the diagram."""
        return tuple(subject for subject in (*self.subjects, *self.others) if not subject.parts)


def speaks_of_diagrams(question: str) -> bool:
    """Whether a question says by itself that it is about a diagram."""
    return bool(OF_DIAGRAM.search(question))


def read_diagram_question(
    question: str, graph: DiagramGraph, spoken: bool = True, loosely: bool = True
) -> DiagramQuestion | None:
    """What a question wants of one diagram; None where it is no question of its structure.

    Args:
        question: made whole, in English.
        graph: the diagram that it may be about.
        spoken: whether it is known to be about a diagram. Else only what names boxes or lanes counts.
        loosely: whether it may be read by the boxes that it speaks of where it has none of the forms; only if spoken.
    """
    if len(question) > LONGEST:
        return None
    names = Names.of(graph)
    question = _IS.sub(r"\1 is", question)
    tail = _PATTERN_TAIL.search(question)
    head = question[: tail.start()] if tail else question
    asked = names.masked(PLACE.sub(" ", LEAD.sub("", head.replace("’", "'"))).strip())
    found = _Reader(graph, names, asked, spoken).read(head)
    if spoken and loosely and (found is None or found.missing):
        found = _loosely(head, graph, found) or found
    if found is None and tail:
        return read_diagram_question(question[: tail.start()], graph, spoken, loosely) if _says_more(head) else None
    if found and tail and found.kind not in ("patterns", "pattern_of"):
        return replace(found, question=question, patterns=True, relation=relation_of(tail["tail"]))
    return replace(found, question=question) if found else None


def _loosely(question: str, graph: DiagramGraph, unfound: DiagramQuestion | None) -> DiagramQuestion | None:
    """The question read by what it speaks of; not where it plainly names something else than what was found."""
    read = read_loosely(question, graph)
    if read is None:
        return None
    meant = (*read.first, *read.second)
    if unfound is not None and any(one.said < 1 for one in meant):
        labels = [(one.part, one.label) for one in meant]
        if any(Mentions.of(subject.said, labels).left for subject in unfound.missing):
            return None
    first, second = (
        tuple(Subject(one.label, (one.part,), one.label) for one in side) for side in (read.first, read.second)
    )
    return DiagramQuestion(question, read.kind, first, second, read.words, read.edges, read.turned, read.count)


def _says_more(head: str) -> bool:
    return bool(head.strip(" ,;.?"))


def relation_of(text: str) -> str:
    """The kind of relation that a verb asks for; "" for none."""
    return next((kind for kind, words in _RELATIONS if re.search(words, text.lower())), "")


@dataclass(frozen=True)
class _Reader:
    """Tries the forms on one question."""

    graph: DiagramGraph
    names: Names
    asked: Masked
    spoken: bool

    def read(self, question: str) -> DiagramQuestion | None:
        unfound: DiagramQuestion | None = None
        for form in (*FORMS, *FLOW_FORMS):
            match = form.words.match(self.asked.text)
            if match is None:
                continue
            found = self._taken(form, match, question)
            if found is not None and not found.missing:
                return found
            if found is not None and unfound is None and self._may_be_missing(found):
                unfound = found
        return unfound if self.spoken else None

    def _taken(self, form: Form, match: re.Match[str], question: str) -> DiagramQuestion | None:
        """The question by one form; None where the diagram does not bear it out."""
        groups = match.groupdict()
        kind = form.kind
        if kind == "count":
            return self._count(groups["unit"], question)
        if kind in ("condition", "colour"):
            return self._of_words(kind, groups["c"] or "", question)
        if "x" not in groups:
            return DiagramQuestion(question, kind) if self.spoken or self._of_diagram() else None
        subjects = self._subjects(groups["x"], kind)
        others = self._subjects(groups["y"], kind) if groups.get("y") else ()
        if not subjects or (groups.get("y") and not others and len(all_parts(subjects)) < 2):
            return None
        if kind in ("verb_of", "verb_by"):
            return self._by_verb(kind, subjects, groups["verb"], question)
        turned = bool(_TURNED.search((groups.get("turn") or "").lower()))
        relation = relation_of(groups.get("verb") or "") if kind == "pattern_asks" else ""
        if kind in ("is_there", "about") and not self.spoken:
            return None
        return DiagramQuestion(question, kind, subjects, others, turned=turned, relation=relation)

    def _of_diagram(self) -> bool:
        return speaks_of_diagrams(self.asked.whole)

    def _subjects(self, said: str, kind: str) -> tuple[Subject, ...]:
        """What stands in one place of a form: one name, or several in a row; none for "it" and the like."""
        shown = self.asked.shown(said)
        if _NOTHING.match(shown.strip(" ?.!,")):
            return ()
        pool = "lanes" if kind in _LANES_ONLY else "boxes" if kind in _BOXES_ONLY else "all"
        least = 0.6 if self.spoken else 0.7
        whole = self.names.find(said, self.asked, pool, least)
        if whole.parts:
            return (whole,)
        several = [part for part in re.split(r"\s*(?:,|;|\band\b|\bor\b)\s*", said) if part.strip()]
        if len(several) > 1:
            found = tuple(self.names.find(part, self.asked, pool, least) for part in several)
            if all(subject.parts for subject in found):
                return found
        return (whole,)

    def _by_verb(
        self, kind: DiagramQuestionKind, subjects: Sequence[Subject], verb: str, question: str
    ) -> DiagramQuestion | None:
        """ "Who appoints the board?": the arrows at a box that say so."""
        parts = {part for subject in subjects for part in subject.parts}
        steps = [step for part in parts for step in (self.graph.out_of if kind == "verb_of" else self.graph.into)(part)]
        found = edges_saying(verb, (step.edge for step in steps))
        return DiagramQuestion(question, kind, tuple(subjects), words=verb, edges=found) if found else None

    def _of_words(self, kind: DiagramQuestionKind, said: str, question: str) -> DiagramQuestion | None:
        words = self.asked.shown(said)
        if kind == "colour":
            return DiagramQuestion(question, kind, words=words) if self.spoken else None
        edges = edges_under(words, self.graph)
        return DiagramQuestion(question, kind, words=words, edges=edges) if edges else None

    def _count(self, unit: str, question: str) -> DiagramQuestion | None:
        wish = count_wish(unit)
        if wish is None or not (self.spoken or wish.subject or wish.other):
            return None
        pool = "lanes" if wish.way == "inside" else "all"
        subjects = self._subjects(wish.subject, "in_lane" if pool == "lanes" else "count") if wish.subject else ()
        others = self._subjects(wish.other, "count") if wish.other else ()
        if any(not one.parts for one in (*subjects, *others)) and wish.way == "inside":
            subjects = self._subjects(wish.subject, "count")
        return DiagramQuestion(question, "count", subjects, others, count=wish)

    def _may_be_missing(self, found: DiagramQuestion) -> bool:
        """Whether it can be answered by saying that a box is not in the diagram."""
        return found.kind not in _NEVER_MISSING and all(_is_name(one.said) for one in found.missing)


def _is_name(said: str) -> bool:
    words = said.split()
    asks = re.search(r"\b(?:what|who|which|how|if|when|is|are|does)\b", said.lower())
    return 0 < len(words) <= LONGEST_NAME and not asks


def all_parts(subjects: Iterable[Subject]) -> tuple[str, ...]:
    """The ids that subjects stand for, each once."""
    return tuple(dict.fromkeys(part for subject in subjects for part in subject.parts))

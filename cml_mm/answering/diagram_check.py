"""Holds a sentence against the lines of a diagram that it cites: what leads where, what comes before, how many.

Whoever wrote it, a sentence that says "A leads to B" must cite arrows that lead there. It is
unsupported where they lead the other way or not at all, where it counts otherwise, or where it puts
a box into another lane. A sentence that says more than that is left to the rules for all sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cml_mm.answering.diagram_check_wholes import counts, ends, hangs
from cml_mm.answering.diagram_check_words import (
    COME,
    FLOW,
    FRAME,
    LIST,
    MARKS,
    ONE,
    PARENTHESIS,
    SHORTEST_EITHER,
    TO,
)
from cml_mm.answering.diagram_lines import SaidGraph, lane_name, of_same_diagrams, said_graph, same, stems_in
from cml_mm.diagrams.labels import stem_of, words_of
from cml_mm.diagrams.loops import Loop, loops, sign_of
from cml_mm.types import Evidence, Verdict


@dataclass(frozen=True)
class _Claim:
    """`start` leads to `end`; by one arrow only where `direct`."""

    start: str
    end: str
    direct: bool = False


def diagram_verdict(sentence: str, cited: Sequence[Evidence], shown: Sequence[Evidence] = ()) -> Verdict | None:
    """The verdict on what a sentence says of a diagram's structure.

    Args:
        sentence: plain text.
        cited: the evidence that it cites.
        shown: all evidence; what a sentence denies of a diagram must stand in none that is of this diagram.
    Returns:
        "unsupported" where the cited lines say otherwise or nothing of it, "supported" where
        they say all of it, "partly" where they cannot show it, None where it says other things
        as well or nothing of the kind.
    """
    graph = said_graph(cited)
    if graph is None:
        return None
    said = _Said.read(sentence, graph)
    if said.denies:
        more = said_graph((*cited, *of_same_diagrams(shown, cited)))
        wrong = more is not None and _Said.read(sentence, more).denied() == "unsupported"
        return "unsupported" if wrong else said.denied()
    claims = tuple(said.claims())
    if any(not (graph.directly if one.direct else graph.leads)(one.start, one.end) for one in claims):
        return "unsupported"
    others = (
        counts(said.text, graph),
        ends(said.text, said.names, graph),
        hangs(said.text, said.names, graph),
        said.lanes(),
        said.verbs(),
        said.between(),
        said.labels(),
        said.loops(),
    )
    if any(found is False for found in others):
        return "unsupported"
    told = bool(claims) or any(found is True for found in others) or said.only_names()
    unshown: Verdict | None = "partly" if len(said.names) > 1 else None
    return ("supported" if told else unshown) if said.nothing_else else None


@dataclass(frozen=True)
class _Said:
    """A sentence with the diagram's names in it as «0», «1»."""

    text: str
    names: tuple[str, ...]
    graph: SaidGraph

    @classmethod
    def read(cls, sentence: str, graph: SaidGraph) -> _Said:
        names: list[str] = []

        def held(name: str) -> str:
            names.append(name)
            return f"«{len(names) - 1}»"

        text = sentence.replace("’", "'").replace("«", " ").replace("»", " ")
        known = {lane_name(name): name for name in graph.names}
        for shown, name in sorted(known.items(), key=lambda pair: -len(pair[0])):
            if not shown.strip() or shown.split()[0].casefold().strip("“”") not in text.casefold():
                continue
            words = re.escape(shown.replace("’", "'").strip()).replace(r"\ ", r"\s+")
            either = re.IGNORECASE if len(shown) > SHORTEST_EITHER else re.UNICODE
            quoted = shown.replace("“", "‘").replace("”", "’").replace("’", "'")
            text = text.replace(f"“{quoted}”", held(name)) if f"“{quoted}”" in text else text
            if re.search(rf"(?<![\w«])[“\"]?{words}[”\"]?(?![\w»])", text, either):
                text = re.sub(rf"(?<![\w«])[“\"]?{words}[”\"]?(?![\w»])", held(name), text, flags=either)
        return cls(text[:1].lower() + text[1:], tuple(names), graph)

    @property
    def denies(self) -> bool:
        text = PARENTHESIS.sub(" ", self.text)
        denies = re.search(r"\b(?:not|no|never|nothing|neither|without|nor|cannot)\b|n't\b", text)
        return bool(denies and re.search(rf"\b(?:{FLOW}|{COME}|arrows?|lines?|way|loop)\b", text))

    def denied(self) -> Verdict | None:
        """A sentence that denies: unsupported where the lines show what it denies.

        It is supported only where its boxes are cited themselves, together with arrows: a single
        arrow shows nothing of what is not there.
        """
        plain = re.sub(r"\b(?:does|do|is|are|did) ?(?:not|n't)\b", "", self.text)
        told = list(_Said(" ".join(plain.split()), self.names, self.graph).claims())
        if found := re.search(rf"\bno (?:arrows?|lines?|way)\b.*?\bfrom ({ONE}) to ({ONE})", self.text):
            told.append(_Claim(self._of(found[1])[0], self._of(found[2])[0]))
        if any(self.graph.leads(one.start, one.end) for one in told) or self._wrongly_none():
            return "unsupported"
        boxes = all(name in self.graph.boxes or name in self.graph.lanes for name in self.names)
        shown = bool(self.graph.arrows) or ("lane" in self.text and bool(self.graph.lanes))
        return ("supported" if boxes and shown else "partly") if self.nothing_else else None

    def _wrongly_none(self) -> bool:
        """Whether it says that there is no arrow, no loop or no lane, and the lines show one."""
        graph, text = self.graph, self.text
        left = re.search(rf"\bnothing (?:comes|follows) after ({ONE})|\bno arrows? leaves? ({ONE})", text)
        entered = re.search(rf"\bnothing (?:comes|stands) before ({ONE})|\bno arrows? leads? to ({ONE})", text)
        alone = re.search(rf"({LIST}) (?:has|have) no (?:arrows?|lines?|connections?)", text)
        inside = re.search(rf"({LIST}) (?:is|are|stands?) in no lane", text)
        loop = re.search(r"\bno (?P<kind>\w+ )?loops?\b", text)
        return bool(
            (left and graph.left(self._of(left[1] or left[2])[0]))
            or (entered and graph.entered(self._of(entered[1] or entered[2])[0]))
            or (alone and any(graph.drawn.degrees.get(name, 0) for name in self._of(alone[1])))
            or (inside and any(name in held for name in self._of(inside[1]) for held in graph.lanes.values()))
            or (loop and any(self._is_meant(found, loop["kind"]) for found in loops(graph.drawn).found))
        )

    def _is_meant(self, loop: Loop, kind: str | None) -> bool:
        """Whether a loop is one of those that are denied: through the boxes that are named, of that kind."""
        through = not self.names or bool(set(self.names) & set(loop.nodes))
        return through and (not kind or kind.strip() not in ("reinforcing", "balancing") or kind.strip() == loop.kind)

    def claims(self) -> Iterator[_Claim]:
        """Everything that is said to lead to something."""
        text = self.text
        for found in re.finditer(rf"\b(?:directly |right |immediately )?after ({LIST}),? {COME}{TO} ({LIST})", text):
            yield from self._each(found[1], found[2], "directly" in found[0])
        for found in re.finditer(rf"\b(?:directly |right )?before ({LIST}),? {COME}{TO} ({LIST})", text):
            yield from self._each(found[2], found[1], "directly" in found[0])
        for found in re.finditer(rf"({LIST}) {COME}{TO} (after|below|behind|before|above) ({LIST})", text):
            first, last = (found[3], found[1]) if found[2] in ("after", "below", "behind") else (found[1], found[3])
            yield from self._each(first, last, "directly" in found[0])
        for found in re.finditer(rf"({LIST}) {FLOW}{TO} (?:in)?to{TO} ({LIST})", text):
            yield from self._each(found[1], found[2], "directly" in found[0])
        for found in re.finditer(rf"({ONE}) leads to and comes from ({ONE})", text):
            yield from (*self._each(found[1], found[2], True), *self._each(found[2], found[1], True))
        for found in re.finditer(rf"({LIST}) (feeds?|precedes?|follows?) ({LIST})", text):
            first, last = (found[3], found[1]) if found[2][1] == "o" else (found[1], found[3])
            yield from self._each(first, last, False)
        for found in re.finditer(rf"({LIST}) (?:is|are) (followed|preceded|fed|reached) by ({LIST})", text):
            first, last = (found[1], found[3]) if found[2] == "followed" else (found[3], found[1])
            yield from self._each(first, last, False)
        for found in re.finditer(rf"(?<=, )({ONE}) (?:back )?to ({ONE})|\band ({ONE}) (?:back )?to ({ONE})", text):
            yield from self._each(found[1] or found[3], found[2] or found[4], True)
        for found in re.finditer(
            rf"\bfrom ({ONE}) (?:the way |the path |it )?(?:leads|goes|runs) to ({ONE}(?:,? .*)?)", text
        ):
            stops = [self._of(found[1])[0], *self._of(found[2])]
            yield from (_Claim(one, other) for one, other in pairwise(stops))
        arrow = r"\b(?P<arrow>arrows? (?:leads? |goes |runs |now leads )?)?"
        for found in re.finditer(rf"{arrow}\bfrom (?P<a>{ONE}) to (?P<b>{ONE})", text):
            if found["arrow"] or not re.search(r"\bmoved\b", text):
                yield from self._each(found["a"], found["b"], bool(found["arrow"]))

    def lanes(self) -> bool | None:
        """Whether boxes stand in the lanes that are named."""
        pairs = [(hit[1], hit[2]) for hit in re.finditer(rf"\bin ({ONE}) (?:is|are|stands?) ({LIST})", self.text)]
        pairs += [
            (hit[2], hit[1])
            for hit in re.finditer(rf"({LIST}) (?:is|are|stands?|belongs?) (?:in|to) ({ONE})", self.text)
        ]
        held = [(self._of(lane)[0], self._of(inside)) for lane, inside in pairs]
        told = [pair for pair in held if pair[0] in self.graph.lanes]
        if not told:
            return None
        return all(name in self.graph.lanes[lane] for lane, inside in told for name in inside)

    def verbs(self) -> bool | None:
        """Whether an arrow with these words leads from the one to the other; None where no arrow says them."""
        verdicts = []
        for found in re.finditer(rf"({ONE}) ([a-z]+(?: (?:on|to|for|with|in|over|by))?) ({ONE})", self.text):
            arrows = self.graph.labelled(found[2])
            if not arrows:
                continue
            start, end = self._of(found[1])[0], self._of(found[3])[0]
            verdicts.append(
                any((arrow.start, arrow.end) == (start, end) or
                    (arrow.heads != "target" and (arrow.end, arrow.start) == (start, end)) for arrow in arrows)
            )  # fmt: skip
        return all(verdicts) if verdicts else None

    def labels(self) -> bool | None:
        """Whether what stands in brackets after a name is written on an arrow at it: “Board” (“appoints”)."""
        found = re.findall(r"«(\d+)» \(“([^”]+)”", self.text)
        if not found:
            return None
        return all(
            any(
                self.names[int(number)] in (arrow.start, arrow.end) and same(arrow.label.translate(MARKS), label)
                for arrow in self.graph.arrows
            )
            for number, label in found
        )

    def loops(self) -> bool | None:
        """Whether there are so many loops, of this kind, and every box is joined, where that is said."""
        verdicts = []
        drawn = self.graph.drawn
        if found := re.search(r"\b(?P<number>\d+) (?:\w+ )?loops?\b", self.text):
            known = loops(drawn)
            if known.more:
                return None  # of a diagram with more loops than were followed no count can be confirmed
            verdicts.append(int(found["number"]) == len(known.found))
        kinds = re.findall(r"\b(reinforcing|balancing)\b", self.text)
        if len(set(kinds)) == 1 and not re.search(r"\bloops\b|\bno \w+ loop", self.text):
            signs = [sign_of(arrow.label) for arrow in self.graph.arrows]
            minus = signs.count("-") % 2
            verdicts.append(all(signs) and kinds[0] == ("balancing" if minus else "reinforcing"))
        if re.search(r"\bevery box has an arrow\b", self.text):
            verdicts.append(not drawn.unjoined)
        return all(verdicts) if verdicts else None

    def between(self) -> bool | None:
        """Whether what is said to connect two boxes does so, and what is said to be joined is."""
        verdicts = []
        stands = r"(?:connects?|stands? between|is between|are between|joins?|links?)"
        for found in re.finditer(rf"({LIST}) {stands} ({ONE}) (?:and|with|to) ({ONE})", self.text):
            one, other = self._of(found[2])[0], self._of(found[3])[0]
            verdicts.append(
                all(self.graph.meets(name, one) and self.graph.meets(name, other) for name in self._of(found[1]))
            )
        for found in re.finditer(rf"({ONE}) (?:is|are) joined (?:with|to) ({ONE})", self.text):
            verdicts.append(self.graph.joined(self._of(found[1])[0], self._of(found[2])[0]))
        return all(verdicts) if verdicts else None

    def only_names(self) -> bool:
        """Whether it claims no more of its boxes than that they are there, were changed, or are meant."""
        forms = (
            rf"(?:then )?there (?:is|are) {LIST}",
            rf"(?:yes: )?{LIST} (?:is|are) in the diagram(?: still)?",
            rf"(?:by its legend, )?of that colour (?:is|are) {LIST}",
            rf"(?:no: )?{ONE} was (?:added|removed|read with doubt)",
            rf"(?:no: )?{ONE} is now called {ONE}",
            rf"{ONE} moved from (?:{ONE}|no lane) to (?:{ONE}|no lane)",
            rf"a loop goes through {LIST}",
            rf"lines join {LIST} in turn",
        )
        text = self.text.strip(" .")
        return any(re.fullmatch(form, text) for form in forms)

    @property
    def nothing_else(self) -> bool:
        """Whether all other words only frame the names, or stand on the cited arrows."""
        labels = stems_in([arrow.label for arrow in self.graph.arrows])
        bare = re.sub(r"«\d+»", " ", self.text)
        return all(stem_of(word) in FRAME or stem_of(word) in labels or word.isdigit() for word in words_of(bare))

    def _each(self, starts: str, ends: str, direct: bool) -> Iterator[_Claim]:
        for start in self._of(starts):
            for end in self._of(ends):
                yield _Claim(start, end, direct)

    def _of(self, listed: str) -> tuple[str, ...]:
        return tuple(self.names[int(number)] for number in re.findall(r"«(\d+)»", listed))

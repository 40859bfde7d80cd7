"""Who asks: reads persona, scale, stage and domain from a question and its conversation, and scores pages by them.

The values are the library's own (personas, scales and stages of `archetypes.json`, domains
and context labels of the front matter); `lens_senses` knows how people speak of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Protocol

import numpy as np

from cml_mm import prose
from cml_mm.errors import InputError
from cml_mm.ports import Vectors
from cml_mm.retrieval.lens_cues import COUNT, NEGATION, NUMBERS, OUTSIDER, Sense, scale_of_count
from cml_mm.retrieval.lens_senses import SENSES
from cml_mm.talk import FACET_KINDS, NO_TALK, Facet, FacetKind, Lens, Talk

MOST_COMMON = 1 / 3  # of the patterns: a domain on more of them says nothing of anybody
LEAST_PAGES = 3  # a value without a sense of ours is offered only if so many pages bear it
MOST_DOMAINS = 12  # that are offered
KIND_WEIGHTS: dict[FacetKind, float] = {"persona": 1.0, "domain": 0.6, "stage": 0.5, "scale": 0.5}
MOST_NAME_WORDS = 6  # a longer context label describes, it does not name
LEAST_TERMS = 2  # content words that a question must keep
_EMPTY_TERMS = frozenset(prose.terms(f"people persons {' '.join(NUMBERS)}"))
_SIBLING = 0.7  # another of the library's words for the same sense, "MVP" beside "Validation"
_FIELD = 0.4  # a page of a domain that such people mostly mean, where it does not say for whom it is
_FALL = 0.06  # a page's own order of values, strongest first
_LEAST_PLACE = 0.7
_GROUP_WORDS = (
    r"(?:co-?op|cooperative|project|group|association|initiative|collective|company|start-?up|sector|network|charity|"
    r"business|scheme|industry|movement|field|organi[sz]ation)s?"
)


class Described(Protocol):
    """What is read of a page: `graph.library_graph.Entry` and `types.Pattern` have it."""

    @property
    def title(self) -> str: ...

    @property
    def context_labels(self) -> tuple[tuple[str, str], ...]: ...

    @property
    def personas(self) -> tuple[str, ...]: ...

    @property
    def stages(self) -> tuple[str, ...]: ...

    @property
    def scales(self) -> tuple[str, ...]: ...

    @property
    def domains(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class _Reading:
    """What speaks for one value: a pattern over folded text."""

    facet: Facet
    cue: re.Pattern[str]
    outside: bool = False


class LensReader:
    """Reads the lens of a question in the words of one library.

    Args:
        entries: all pages; their personas, scales, stages, domains and context labels are
            the vocabulary. What the library has no word for is never read.
    """

    def __init__(self, entries: Iterable[Described]) -> None:
        self._counts: dict[FacetKind, Counter[str]] = {kind: Counter() for kind in FACET_KINDS}
        self._pages = 0
        contexts: Counter[str] = Counter()
        for entry in entries:
            self._pages += 1
            for kind in FACET_KINDS:
                self._counts[kind].update(_values(entry, kind))
            contexts.update(context for context, _ in entry.context_labels)
        self._values = {kind: {prose.fold(v): v for v in reversed(counted)} for kind, counted in self._counts.items()}
        self._contexts = {prose.fold(context): context for context in contexts}

    def read(self, question: str, talk: Talk = NO_TALK) -> Lens:
        """The lens of a question.

        Of each kind: what the visitor chose; else what the question says; else what the
        latest earlier question said. Nothing that was dismissed.

        Args:
            question: as typed; empty for what the conversation alone says.
        """
        said = [(question, "question"), *((turn.question, "conversation") for turn in reversed(talk.turns))]
        facets: list[Facet] = []
        found = [(self._read_all(text), origin) for text, origin in said if text]
        for kind in FACET_KINDS:
            chosen = next((facet for facet in reversed(talk.chosen) if facet.kind == kind), None)
            if chosen:
                facets.append(replace(chosen, origin="chosen", words=""))
                continue
            for read, origin in found:
                facet = next((f for f in read if f.kind == kind and (kind, f.value) not in talk.dismissed), None)
                if facet:
                    facets.append(replace(facet, origin="question" if origin == "question" else "conversation"))
                    break
        return Lens(tuple(facets))

    def need_of(self, question: str) -> str:
        """A question without the words that only say who asks.

        "We are a housing co-op of twelve. Meetings take for ever." looks for meetings; that it is
        a co-op asks is the lens's business, whoever is chosen, and would find every page about
        co-ops otherwise.

        Returns: the rest; the whole question where too little would be left.
        """
        plain = _plain(question)
        said = [facet.words for facet in self._read_all(question)]
        if len(plain) != len(question) or not said:
            return question
        kept = list(question)
        for words in said:
            start = plain.find(words)
            kept[start : start + len(words)] = " " * len(words)
        sentences = re.split(r"(?<=[.!?;:])\s+", "".join(kept))
        rest = " ".join(sentence for sentence in sentences if set(prose.terms(sentence)) - _EMPTY_TERMS)
        return " ".join(rest.split()) if len(set(prose.terms(rest))) >= LEAST_TERMS else question

    def choices(self, kind: FacetKind) -> tuple[Facet, ...]:
        """What can be chosen: only what the library knows, our senses first, then by frequency."""
        offered: dict[str, Facet] = {}
        for sense in SENSES:
            value = self._value(sense)
            if sense.kind == kind and value and value not in offered:
                offered[value] = Facet(kind, value, _own_label(sense, value), "chosen")
        known = {name for sense in SENSES if sense.kind == kind for name in map(prose.fold, sense.names)}
        if kind == "persona":  # an archetype such as "Team" says how large, not who
            known |= set(self._values["scale"])
        for value, count in self._counts[kind].most_common():
            if (
                prose.fold(value) not in known
                and count >= LEAST_PAGES
                and (kind != "domain" or count <= MOST_COMMON * self._pages)
            ):
                offered.setdefault(value, Facet(kind, value, value_label(value), "chosen"))
        return tuple(offered.values())[: MOST_DOMAINS if kind == "domain" else None]

    def named(self, kind: FacetKind, name: str) -> Facet:
        """The choice that somebody means by a value or a label.

        Raises:
            InputError: the library knows no such thing; the hint lists what it knows.
        """
        folded = prose.fold(name).strip()
        for facet in self.choices(kind):
            if folded in {prose.fold(facet.value), prose.fold(facet.label)}:
                return facet
        if folded in self._values[kind]:
            value = self._values[kind][folded]
            return Facet(kind, value, value_label(value), "chosen")
        sense = sense_of(Facet(kind, name, name))  # another library's word for the same, "Start-up" for a founder
        if sense and self._value(sense):
            return Facet(kind, self._value(sense), _own_label(sense, self._value(sense)), "chosen")
        known = ", ".join(facet.label for facet in self.choices(kind))
        hint = f"It knows: {known}." if known else f"It says of no page which {kind} it is for."
        raise InputError(f"This library knows no {kind} called {name!r}.", hint)

    def _value(self, sense: Sense) -> str:
        """The library's word for a sense; empty where it has none."""
        known = self._values[sense.kind]
        value = next((known[prose.fold(name)] for name in sense.names if prose.fold(name) in known), "")
        return value or next((self._contexts[name] for name in sense.contexts[:1] if name in self._contexts), "")

    @cached_property
    def _readings(self) -> tuple[_Reading, ...]:
        """Every cue with the facet that it speaks for."""
        readings = []
        for sense in SENSES:
            value = self._value(sense)
            if value:
                readings.append(_Reading(Facet(sense.kind, value, _own_label(sense, value)), sense.cue, sense.outside))
        for facet in self.choices("domain"):
            name = re.escape(prose.fold(facet.label)).replace(r"\ ", "[ -]")
            cue = rf"\b(?:our|my|an?|in|in the|this|we run an?) (?:[\w-]+ ){{0,2}}?{name} {_GROUP_WORDS}\b"
            readings.append(_Reading(replace(facet, origin="question"), re.compile(cue)))
        known = {reading.facet.value for reading in readings}
        for facet in self.choices("persona"):
            if facet.value not in known:
                name = re.escape(prose.fold(facet.label)).replace(r"\ ", "[ -]")
                cue = rf"\b(?:i am|i'm|as|we are|we're) (?:an? )?{name}s?\b"
                readings.append(_Reading(replace(facet, origin="question"), re.compile(cue)))
        return tuple(readings)

    def _read_all(self, text: str) -> tuple[Facet, ...]:
        """Every facet that one text states, at most one of a kind: the first that is said."""
        plain = _plain(text)
        best: dict[FacetKind, tuple[int, Facet]] = {}
        for reading in self._readings:
            kind = reading.facet.kind
            for said in reading.cue.finditer(plain):
                if NEGATION.search(_before(plain, said.start()) + said.group()):
                    continue
                if reading.outside and OUTSIDER.search(_clause(plain, said.end())):
                    continue
                if kind not in best or said.start() < best[kind][0]:
                    best[kind] = (said.start(), replace(reading.facet, words=said.group().strip()))
                break
        counted = self._count(plain)
        if counted:
            best["scale"] = (0, counted)  # a number says it better than a word
        return tuple(facet for _, facet in best.values())

    def _count(self, plain: str) -> Facet | None:
        """The scale of "we are twelve"."""
        for said in COUNT.finditer(plain):
            groups = {name: value for name, value in said.groupdict().items() if value}
            number = next(value for name, value in groups.items() if name.startswith("number"))
            who = next((value for name, value in groups.items() if name.startswith("who")), "")
            value = scale_of_count(int(number) if number.isdigit() else NUMBERS[number], who)
            if prose.fold(value) in self._values["scale"]:
                label = next(sense.label for sense in SENSES if sense.kind == "scale" and value in sense.names)
                return Facet("scale", self._values["scale"][prose.fold(value)], label, words=said.group().strip())
        return None


class LensScores:
    """How well pages agree with a lens, by what they say of themselves.

    Args:
        entries: all pages, in the order of the rows that `scores` returns.
    """

    def __init__(self, entries: Iterable[Described]) -> None:
        pages = tuple(entries)
        self._size = len(pages)
        self._rows: dict[tuple[FacetKind, str], list[tuple[int, float]]] = {}
        for row, entry in enumerate(pages):
            for kind in FACET_KINDS:
                for place, value in enumerate(_values(entry, kind)):
                    weight = 1.0 if kind == "domain" else max(_LEAST_PLACE, 1.0 - _FALL * place)
                    self._rows.setdefault((kind, prose.fold(value)), []).append((row, weight))
        self._says_persona = np.array([bool(entry.personas) for entry in pages], dtype=bool)

    def scores(self, lens: Lens) -> Vectors:
        """Agreement of every page with a lens.

        A facet gives 1 to a page that names it first, less further down its list, 0.7 for
        a sister word of the same sense, and nothing to a page that does not know it. A page
        that does not say for whom it is gets 0.4 of a persona by its domains. The facets
        are averaged by `KIND_WEIGHTS`.

        Returns: shape (pages,), 0 to 1; all 0 without a facet.
        """
        total = np.zeros(self._size, dtype=np.float32)
        weights = sum(KIND_WEIGHTS[facet.kind] for facet in lens.facets)
        for facet in lens.facets:
            total += KIND_WEIGHTS[facet.kind] / weights * self._agreement(facet)
        return total

    def _agreement(self, facet: Facet) -> Vectors:
        found = np.zeros(self._size, dtype=np.float32)
        sense = sense_of(facet)
        siblings = {prose.fold(name): _SIBLING for name in sense.names} if sense else {}
        for name, share in {**siblings, prose.fold(facet.value): 1.0}.items():
            for row, weight in self._rows.get((facet.kind, name), ()):
                found[row] = max(found[row], share * weight)
        if facet.kind == "persona" and sense:
            for domain in sense.domains:
                for row, _ in self._rows.get(("domain", domain), ()):
                    if not self._says_persona[row]:
                        found[row] = max(found[row], _FIELD)
        return found


@lru_cache(maxsize=512)  # asked for every page of a ranking
def sense_of(facet: Facet) -> Sense | None:
    """What a facet means, where it is one of our senses."""
    folded = prose.fold(facet.value)
    of_kind = [sense for sense in SENSES if sense.kind == facet.kind]
    usual = (sense for sense in of_kind if folded == prose.fold(sense.names[0]))
    any_name = (sense for sense in of_kind if folded in map(prose.fold, (*sense.names, *sense.contexts[:1])))
    return next(usual, None) or next(any_name, None)


def label_for(entry: Described, lens: Lens) -> tuple[str, str] | None:
    """The name that the asker's own people have for a pattern.

    Returns: whose name it is as front matter says ("government") and the name; None where
        there is none, it is the title again, or no name but a description.
    """
    persona = next((facet for facet in lens.facets if facet.kind == "persona"), None)
    if persona is None:
        return None
    sense = sense_of(persona)
    contexts = (prose.fold(persona.value), *(sense.contexts if sense else ()))
    labels = {prose.fold(context): (context, name) for context, name in entry.context_labels}
    for context in contexts:
        if context not in labels:
            continue
        name = labels[context][1]
        if len(name.split()) <= MOST_NAME_WORDS and prose.terms(name) != prose.terms(entry.title):
            return labels[context]
    return None


def agreements(entry: Described, lens: Lens) -> tuple[Facet, ...]:
    """The facets of a lens that a page names itself: why it came up for this asker."""
    agreed = []
    for facet in lens.facets:
        sense = sense_of(facet)
        names = {prose.fold(facet.value), *(map(prose.fold, sense.names) if sense else ())}
        if names & set(map(prose.fold, _values(entry, facet.kind))):
            agreed.append(facet)
    return tuple(agreed)


def value_label(value: str) -> str:
    """A value of the library as people read it: "mutual-aid" → "Mutual aid"."""
    words = value.replace("-", " ").replace("_", " ") if value == value.lower() else value
    return words[:1].upper() + words[1:]


def _own_label(sense: Sense, value: str) -> str:
    """How people read a value: by the sense whose usual word it is, else by this one."""
    usual = (other.label for other in SENSES if other.kind == sense.kind and other.names[0] == value)
    return next(usual, sense.label)


def _values(entry: Described, kind: FacetKind) -> tuple[str, ...]:
    values: Mapping[FacetKind, tuple[str, ...]] = {
        "persona": entry.personas,
        "scale": entry.scales,
        "stage": entry.stages,
        "domain": entry.domains,
    }
    return values[kind]


def _plain(text: str) -> str:
    """Folded text with straight apostrophes: what cues are looked for in."""
    return prose.fold(text).replace("’", "'")


def _before(plain: str, start: int) -> str:
    """The two words before a cue, as far as they are of its sentence."""
    return " ".join(re.split(r"[.,?!;]", plain[max(0, start - 24) : start])[-1].split()[-2:]) + " "


def _clause(plain: str, end: int) -> str:
    """What is said right after a cue, to the end of its sentence."""
    return re.split(r"[.?!;]", plain[end : end + 80], maxsplit=1)[0]

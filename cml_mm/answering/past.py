"""What an earlier turn lends to a question that leans on it: its subject, its list, its words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from cml_mm import prose
from cml_mm.retrieval.names import NameIndex
from cml_mm.talk import PastTurn, Talk

_BY_PLACE = re.compile(r"\b(?:first|second|third|fourth|fifth|last|1st|2nd|3rd|4th)\b", re.IGNORECASE)
_WHAT_DOES = re.compile(r"what (?:else )?does (?P<rest>.+?)\W*$", re.IGNORECASE)
_MOST_JOINED = 600  # characters: a condition upon a condition ends somewhere


@dataclass(frozen=True)
class Past:
    """The talk so far, seen from a new question.

    `latest` is the last turn, `answered` the last that was answered; `asked` are the slugs
    that the answered one named, `told` the others that its answer was about; `listed` is what
    "the second one" counts in; `beside` is the page that the same was asked of before.
    """

    names: NameIndex
    titles: Mapping[str, str]
    latest: PastTurn
    answered: PastTurn
    asked: tuple[str, ...]
    told: tuple[str, ...]
    listed: tuple[str, ...]
    beside: str = ""

    @classmethod
    def of(cls, talk: Talk, names: NameIndex, titles: Mapping[str, str]) -> Past | None:
        """None where nothing has been said."""
        if not talk.turns:
            return None
        answered = next((turn for turn in reversed(talk.turns) if not turn.refused), talk.turns[-1])
        asked, told = _asked_and_told(answered, names, titles)
        counted = [turn for turn in talk.turns if not turn.refused and not _BY_PLACE.search(turn.question)]
        first, rest = _asked_and_told(counted[-1], names, titles) if counted else (asked, told)
        past = cls(names, titles, talk.turns[-1], answered, asked, told, rest or first)
        return replace(past, beside=past._asked_alike(talk.turns[:-1]))

    def _asked_alike(self, earlier: tuple[PastTurn, ...]) -> str:
        """The page of the turn before, where the last turn asked the same of another."""
        if not earlier or len(self.asked) != 1 or self.latest is not self.answered:
            return ""
        before, _ = _asked_and_told(earlier[-1], self.names, self.titles)
        alike = len(before) == 1 and before != self.asked
        said = earlier[-1].understood or earlier[-1].question
        return before[0] if alike and self._around_names(said) == self._around_names(self.understood) else ""

    def _around_names(self, question: str) -> tuple[str, ...]:
        """A question's words but for the names in it."""
        ours = {place for match in self.names.find(question) for place in range(match.start, match.end)}
        return tuple(word for place, word in enumerate(prose.words(question)) if place not in ours)

    @property
    def understood(self) -> str:
        return self.latest.understood or self.latest.question

    @property
    def relation(self) -> str:
        return self.latest.relation

    @property
    def subjects(self) -> tuple[str, ...]:
        return self.asked or self.told

    @property
    def it(self) -> str:
        """What was asked about; for a situation, the page that helps best; empty where neither is known."""
        return next(iter((*self.asked, *self.told)), "")

    @property
    def that(self) -> str:
        """What was told last: the first end of the relations that were asked for, else `it`."""
        return self.told[0] if self.answered.relation and self.told else self.it

    @property
    def two(self) -> tuple[str, ...]:
        """The two that were spoken of: asked about, else told, else one of each."""
        if len(self.asked) > 1:
            return self.asked[:2]
        if self.beside:
            return self.beside, *self.asked
        return self.told[:2] if len(self.told) > 1 else (*self.asked, *self.told)[:2]

    @property
    def by_place(self) -> bool:
        """Whether the last question pointed into the list itself."""
        return bool(_BY_PLACE.search(self.latest.question))

    def at(self, place: int) -> str:
        """The slug at a place of the list, -1 for the last; empty where the list is shorter."""
        return self.listed[place] if self.listed and place < len(self.listed) else ""

    def with_name(self, slug: str) -> str:
        """The last question with its (last) name replaced; empty where it spoke none."""
        found = self.names.find(self.understood)
        if not found:
            return ""
        words = list(prose.WORD.finditer(self.understood))
        if found[-1].end > len(words):
            return ""
        return self._replaced(words[found[-1].start].start(), words[found[-1].end - 1].end(), slug)

    def instead_of(self, name: str, slug: str) -> str:
        """The last question with words of its own replaced by a title; an article before them goes."""
        start = self.understood.find(name)
        return self._replaced(start, start + len(name), slug) if start >= 0 else ""

    def _replaced(self, start: int, end: int, slug: str) -> str:
        before = re.sub(r"\b(?:the|a|an)\s+$", "", self.understood[:start], flags=re.IGNORECASE)
        return f"{before}{self.titles[slug]}{self.understood[end:]}"

    def why(self) -> str:
        """The last question, asked for its reason; empty where it asked for no relation."""
        match = _WHAT_DOES.match(self.understood)
        if not match or not self.relation or not self.told:
            return ""
        return f"Why does {match['rest']} {self.titles[self.told[0]]}?"

    def joined(self, condition: str) -> str:
        """The last question with a condition more; after the last question's end where it was a statement."""
        said = self.understood.strip()
        if len(said) > _MOST_JOINED:
            said = self.latest.question.strip()
        if said.endswith("?"):
            return f"{said[:-1].rstrip()}, {condition}?"
        return f"{said.rstrip('.! ')}. {condition[:1].upper()}{condition[1:]}?"

    def joined_after(self, statement: str) -> str:
        """What the visitor says of themselves, then the last question."""
        said = self.understood.strip()
        return f"{statement[:1].upper()}{statement[1:]}. {said}"


def _asked_and_told(
    turn: PastTurn, names: NameIndex, titles: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The slugs that a question named, and the others that its answer was about, known ones only."""
    named = tuple(dict.fromkeys(match.slugs[0] for match in names.find(turn.understood or turn.question)))
    told = tuple(slug for slug in turn.subjects if slug not in named and slug in titles)
    return tuple(slug for slug in named if slug in titles), told

"""A small grammar of relation questions: from the tokens of a clause to what is asked for.

    phrase   = name {and name} [noun] | anaphor [noun] | noun phrase | head relative | nominal-verb phrase
    relative = [do] phrase verb | [do] verb phrase | whose noun phrase | phrase as noun
               | relative {[and | that] relative}
    clause   = phrase | phrase verb [head] | phrase verb phrase

A question word is a head like "the pattern": "What does X require?" and "the pattern that X
requires" have one form, so questions nest without end. Parsing backtracks and keeps the first
reading that uses every relation word and every name; where there is none, one relation word
may be left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cml_mm.answering.reach import Joined, Named, Reach, hop
from cml_mm.answering.relation_words import Clause, Token
from cml_mm.types import RelationKind

_DEEPEST = 6


@dataclass(frozen=True)
class Fact:
    """One relation between two pages that a question states, or asks whether it holds."""

    subject: str
    kind: RelationKind
    object: str


def parse(clause: Clause, back: Reach | None, it: Reach | None) -> Reach | Fact | None:
    """Reads one clause.

    Args:
        clause: its tokens.
        back: what "that" and "those" mean, from the clause before.
        it: what "it" means.
    Returns: None where the grammar cannot read it.
    """
    for tokens in _variants(clause.tokens):
        found = _Sentence(tokens, clause.joint, back, it).read()
        if found is not None:
            return found
    return None


def _variants(tokens: tuple[Token, ...]) -> Iterator[tuple[Token, ...]]:
    """All tokens, then all but one of several relation words, the last one first."""
    yield tokens
    verbs = [place for place, token in enumerate(tokens) if token.kind in ("verb", "noun")]
    if len(verbs) > 1:
        for place in reversed(verbs):
            yield tokens[:place] + tokens[place + 1 :]


@dataclass(frozen=True)
class _Sentence:
    """A backtracking parse of tokens: every method yields what it read and where it ended."""

    tokens: tuple[Token, ...]
    joint: bool
    back: Reach | None
    it: Reach | None

    def read(self) -> Reach | Fact | None:
        for start in range(len(self.tokens)):
            for found, end in self._clause(start):
                left_out = (*self.tokens[:start], *self.tokens[end:])
                if not any(token.kind in ("verb", "noun", "name", "whose") for token in left_out):
                    return found
            if self.tokens[start].kind in ("verb", "noun", "name"):
                break
        return None

    def _kind(self, place: int) -> str:
        return self.tokens[place].kind if place < len(self.tokens) else ""

    def _after(self, place: int, *kinds: str) -> int:
        while self._kind(place) in kinds:
            place += 1
        return place

    def _clause(self, start: int) -> Iterator[tuple[Reach | Fact, int]]:
        for found, end in self._phrase(self._after(start, "do"), 0):
            if self._kind(end) != "verb":
                yield found, end
                continue
            verb = self.tokens[end]
            for other, last in self._phrase(end + 1, 0):
                if isinstance(found, Named) and isinstance(other, Named) and verb.relation:
                    ends = (other.slug, found.slug) if verb.flipped else (found.slug, other.slug)
                    yield Fact(ends[0], verb.relation, ends[1]), last
            stranded = self._after(end + 1, "head", "do", "that")
            if stranded == len(self.tokens):
                yield self._hop(found, verb), stranded

    def _phrase(self, start: int, depth: int) -> Iterator[tuple[Reach, int]]:
        """Something that stands for pages."""
        kind = self._kind(start)
        if depth > _DEEPEST or not kind:
            return
        if kind == "name":
            yield from self._owned(*self._names(start))
        elif kind in ("back", "it", "that") and (meant := self.it if kind == "it" else self.back) is not None:
            end = start + 1 if kind == "it" else self._after(start + 1, "head")
            yield from self._owned(meant, end)
        elif kind == "noun":
            gap = self._after(start + 1, "head")
            asked = self._kind(gap) == "do"
            for found, end in self._gapped(gap + asked, depth + 1):
                if asked or end == len(self.tokens):
                    yield found, end
            for owner in dict.fromkeys((self._after(start + 1, "do"), self._after(start + 1, "do", "head"))):
                for found, end in self._phrase(owner, depth + 1):
                    yield hop(found, self._relation(start), not self.tokens[start].flipped), end
            yield from self._relatives(start + 1, depth + 1)
        elif kind == "head":
            yield from self._relatives(self._after(start, "head", "or"), depth + 1)
        elif kind == "verb" and self.tokens[start].nominal:
            yield from self._relative(start, depth + 1)

    def _names(self, start: int) -> tuple[Reach, int]:
        """One name, or several joined by "and"."""
        parts: list[Reach] = [Named(self.tokens[start].slug)]
        end, how = start + 1, "all" if self.joint else "any"
        while self._kind(end) in ("and", "or", "name"):
            following = end if self._kind(end) == "name" else end + 1
            if self._kind(following) != "name":
                break
            parts.append(Named(self.tokens[following].slug))
            end = following + 1
        if len(parts) == 1:
            return parts[0], end
        return Joined(tuple(parts), "all" if how == "all" else "any"), end

    def _owned(self, owner: Reach, end: int) -> Iterator[tuple[Reach, int]]:
        """ "X's prerequisites", "X variants"."""
        noun = self._after(end, "head")
        if self._kind(noun) == "noun":
            yield hop(owner, self._relation(noun), not self.tokens[noun].flipped), noun + 1
        yield owner, end

    def _relatives(self, start: int, depth: int) -> Iterator[tuple[Reach, int]]:
        """What is said of a head, once or several times."""
        clause = self._after(start, "that")
        for found, end in self._relative(clause, depth):
            if clause > start and isinstance(found, Named):
                continue  # "the pattern X" is X; "the pattern that X …" wants a verb
            following = self._after(end, "and", "that", "head")
            if following < len(self.tokens):
                for other, last in self._relatives(following, depth + 1):
                    if not isinstance(other, Named):
                        yield _both(found, other), last
            yield found, end

    def _relative(self, start: int, depth: int) -> Iterator[tuple[Reach, int]]:
        if depth > _DEEPEST:
            return
        start = self._after(start, "do")
        if self._kind(start) == "whose" and self._kind(start + 1) == "noun":
            for found, end in self._phrase(self._after(start + 2, "head"), depth + 1):
                yield hop(found, self._relation(start + 1), self.tokens[start + 1].flipped), end
        for found, end in self._phrase(start, depth + 1):
            if self._kind(end) == "verb":
                yield from self._verbs(found, end)
            if self._kind(end) == "as" and self._kind(end + 1) in ("noun", "verb"):
                role = self.tokens[end + 1]
                yield hop(found, _kind_of(role), role.flipped is (role.kind == "noun")), end + 2
            yield found, end
        if self._kind(start) == "verb":
            yield from self._of_verb(start, depth)

    def _gapped(self, start: int, depth: int) -> Iterator[tuple[Reach, int]]:
        """ "… does X belong to": a phrase and the verb whose object is asked for."""
        for found, end in self._phrase(start, depth):
            if self._kind(end) == "verb":
                yield from self._verbs(found, end)

    def _verbs(self, subject: Reach, place: int) -> Iterator[tuple[Reach, int]]:
        """ "… X requires", "… X requires and enables"."""
        found, end = self._hop(subject, self.tokens[place]), place + 1
        if self._kind(end) in ("and", "or") and self._kind(end + 1) == "verb":
            more = Joined((found, self._hop(subject, self.tokens[end + 1])), "any")
            if self._kind(end + 2) not in ("name", "head"):
                yield more, end + 2
        yield found, end

    def _of_verb(self, place: int, depth: int) -> Iterator[tuple[Reach, int]]:
        """ "… requires X", and "… is needed" of what was asked for before."""
        verb = self.tokens[place]
        if self._kind(place + 1) in ("and", "or") and self._kind(place + 2) == "verb":
            how = "any" if self._kind(place + 1) == "or" else "all"
            for found, end in self._phrase(place + 3, depth + 1):
                both = (self._hop_back(found, verb), self._hop_back(found, self.tokens[place + 2]))
                yield Joined(both, "all" if how == "all" else "any"), end
        for found, end in self._phrase(self._after(place + 1, "do"), depth + 1):
            if isinstance(found, Joined) and self._kind(end - 1) == "name" and self._kind(end - 2) == "and":
                found = replace(found, how="all")
            yield self._hop_back(found, verb), end
        if self.back is not None and place + 1 == len(self.tokens):
            yield self._hop_back(self.back, verb), place + 1

    def _hop(self, subject: Reach, verb: Token) -> Reach:
        """What a subject does something to."""
        return hop(subject, _kind_of(verb), not verb.flipped)

    def _hop_back(self, object_: Reach, verb: Token) -> Reach:
        """Who does something to an object."""
        return hop(object_, _kind_of(verb), verb.flipped)

    def _relation(self, place: int) -> RelationKind:
        return _kind_of(self.tokens[place])


def _both(one: Reach, other: Reach) -> Joined:
    parts = other.parts if isinstance(other, Joined) and other.how == "all" else (other,)
    return Joined((one, *parts), "all")


def _kind_of(token: Token) -> RelationKind:
    return token.relation or "RELATED"

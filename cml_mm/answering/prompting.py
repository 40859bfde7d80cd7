"""Puts a question and its evidence into a prompt: numbered, scrubbed, fenced, and as long as the model can read.

The fence carries a number drawn anew for every prompt, so that no text written before can close
it; this is the marking of untrusted input called spotlighting (Hines et al. 2024, "Defending
Against Indirect Prompt Injection Attacks With Spotlighting"), with delimiters.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cml_mm import prose
from cml_mm.answering.pictured import NO_SIGHTS, Pictured, Sights, in_time
from cml_mm.answering.prompt_words import CLOSING, DATA_WORDS, PICTURES, SYSTEM, evidence_words
from cml_mm.answering.scrubbing import Scrubber
from cml_mm.errors import LimitExceeded
from cml_mm.ports import Generator, Prompt
from cml_mm.talk import NO_LENS, NO_TALK, Lens, Talk
from cml_mm.types import Evidence

MOST_NEW_TOKENS = 512
MOST_EVIDENCE = 16
MOST_EARLIER = 3  # turns of the conversation that are told
LONGEST_PASSAGE = 1_200  # characters of one piece of evidence; then the sentences around its quote
LONGEST_EARLIER = 400  # characters of an earlier question
LONGEST_NAME = 200  # characters of a title or heading
TEMPLATE_TOKENS = 48  # what a chat template sets around a message
_FENCES = ("--- BEGIN DATA", "--- END DATA")


@dataclass(frozen=True)
class Told:
    """Who asks, and what was said before."""

    lens: Lens = NO_LENS
    talk: Talk = NO_TALK


@dataclass(frozen=True)
class Briefing:
    """A prompt, and what became of the evidence on the way.

    `given` is what the prompt numbers from 1 on. `dropped` and `shortened` count pieces that did
    not fit; `unseen` pictures that did not.
    """

    prompt: Prompt
    given: tuple[Evidence, ...]
    dropped: int = 0
    shortened: int = 0
    unseen: int = 0

    def words(self) -> str:
        """What the reader must know of it; "" where everything fitted."""
        parts = []
        if self.dropped:
            parts.append(f"{len(self.given)} of {len(self.given) + self.dropped} passages")
        if self.shortened:
            parts.append(f"{self.shortened} of them shortened" if parts else f"{self.shortened} passages shortened")
        if self.unseen:
            parts.append(f"{self.unseen} {'picture' if self.unseen == 1 else 'pictures'} left out")
        return f"Fitted to what the model can read: {', '.join(parts)}" if parts else ""


def brief(
    generator: Generator, question: str, evidence: Sequence[Evidence], told: Told, sights: Sights = NO_SIGHTS
) -> Briefing:
    """The prompt for one question.

    Args:
        generator: whose tokenizer counts, and whose context is filled.
        question: as it is understood.
        evidence: most useful first; what does not fit is left out from the end.
        told: who asks, and what was said before.
        sights: pictures of the evidence, most useful first; what does not fit is left out from the end.

    Raises: LimitExceeded: the question alone is longer than the model can read.
    """
    page = _Page(generator, question, told, secrets.token_hex(6))
    seen = sights.shown[: generator.capabilities.pictures]
    new_tokens = min(MOST_NEW_TOKENS, generator.capabilities.context_tokens // 4)
    room = generator.capabilities.context_tokens - new_tokens - TEMPLATE_TOKENS - page.tokens(())
    if room < 0:
        raise LimitExceeded(
            "The question is longer than this model can read.", "Shorten it to the part that matters most."
        )
    while seen and page.seen_tokens(seen) > room // 2:
        seen = seen[:-1]
    room -= page.seen_tokens(seen)
    lines, given, shortened = _fitted(page, evidence[:MOST_EVIDENCE], room)
    most = generator.capabilities.context_tokens - new_tokens - TEMPLATE_TOKENS
    most -= page.seen_tokens(seen)
    while given and page.tokens(lines) > most:  # the parts together may be more than each by itself
        lines, given = lines[:-1], given[:-1]
    stills = tuple(replace(one.still, label=page.label(one, given)) for one in in_time(seen))
    return Briefing(
        Prompt(SYSTEM, page.user(lines), stills, new_tokens, page.around if stills else ("", "")),
        given,
        dropped=len(evidence) - len(given),
        shortened=min(shortened, len(given)),
        unseen=sights.left_out + len(sights.shown) - len(seen),
    )


@dataclass(frozen=True)
class _Page:
    """One prompt that is being filled."""

    generator: Generator
    question: str
    told: Told
    mark: str

    @property
    def scrubber(self) -> Scrubber:
        return Scrubber.of((*self.generator.control_tokens(), *_FENCES))

    def tokens(self, lines: Sequence[str]) -> int:
        return self.generator.count_tokens(SYSTEM) + self.generator.count_tokens(self.user(lines))

    def seen_tokens(self, seen: Sequence[Pictured]) -> int:
        """What pictures cost, with what is said around and before them."""
        if not seen:
            return 0
        words = "\n".join((*self.around, *(f"{self.label(one, ())} [{MOST_EVIDENCE}]:" for one in seen)))
        cost = sum(self.generator.picture_tokens(one.still.picture) for one in seen)
        return cost + self.generator.count_tokens(words)

    def label(self, one: Pictured, given: Sequence[Evidence]) -> str:
        """What is said before a picture, with the number of its evidence where that was given."""
        words = self.scrubber.scrub(_cut_words(one.words, LONGEST_NAME))
        number = next((given.index(item) + 1 for item in one.evidence if item in given), 0)
        return f"{words} [{number}]" if number else words

    @property
    def around(self) -> tuple[str, str]:
        """The fence around pictures: what is written on them is data too."""
        first, last = (f"{words} {self.mark} ---" for words in _FENCES)
        return f"{PICTURES}\n{DATA_WORDS}\n{first}", f"{last}\n"

    def line(self, number: int, item: Evidence, passage: str) -> str:
        """One piece of evidence, on one line."""
        named = self.scrubber.scrub(_cut_words(evidence_words(item), 2 * LONGEST_NAME))
        return f"[{number}] {named}: {self.scrubber.scrub(passage)}"

    def user(self, lines: Sequence[str]) -> str:
        """The whole message. It is broken once more as it stands, so that no two parts make a token together."""
        parts = ["Evidence.", self._fenced(lines or ("(none)",))]
        if who := ", ".join(facet.label for facet in self.told.lens.facets):
            parts += ["Who asks:", self._fenced((self.scrubber.scrub(who),))]
        if before := self._earlier():
            parts += ["What was asked before in this conversation, oldest first:", self._fenced(before)]
        parts += ["The question:", self._fenced((self.scrubber.scrub(self.question),)), CLOSING]
        return Scrubber.of(self.generator.control_tokens()).broken("\n".join(parts))

    def _fenced(self, lines: Sequence[str]) -> str:
        first, last = (f"{words} {self.mark} ---" for words in _FENCES)
        return "\n".join((f"{DATA_WORDS}", first, *lines, last, ""))

    def _earlier(self) -> tuple[str, ...]:
        asked = (turn.understood or turn.question for turn in self.told.talk.turns[-MOST_EARLIER:])
        return tuple(self.scrubber.scrub(_cut_words(question, LONGEST_EARLIER)) for question in asked)


def _fitted(page: _Page, evidence: Sequence[Evidence], room: int) -> tuple[tuple[str, ...], tuple[Evidence, ...], int]:
    """The lines that fit, what they say, and how many of them had to be cut to the quote."""
    lines: list[str] = []
    given: list[Evidence] = []
    shortened = 0
    for item in evidence:
        whole = cut_around(item.passage, item.quote, LONGEST_PASSAGE)
        for place, passage in enumerate(dict.fromkeys((whole, cut_around(item.passage, item.quote, 0)))):
            line = page.line(len(given) + 1, item, prose.plain(passage))
            cost = page.generator.count_tokens(line) + 1
            if cost <= room:
                room -= cost
                shortened += bool(place)
                lines.append(line)
                given.append(item)
                break
    return tuple(lines), tuple(given), shortened


def cut_around(passage: str, quote: str, most_characters: int) -> str:
    """The whole sentences around a quote that fit; the quote's own sentences always.

    Args:
        passage: Markdown as written.
        quote: a part of it, letter for letter; where it is not, the passage's beginning is kept.
    """
    if len(passage) <= most_characters:
        return passage
    spans = prose.sentences(passage, prose.Span(0, len(passage)))
    start = max(passage.find(quote), 0)
    end = start + len(quote)
    held = [place for place, span in enumerate(spans) if span.end > start and span.start < max(end, start + 1)]
    if not held:
        return quote or passage
    first, last = held[0], held[-1]
    while True:
        wider = [(one, end) for one, end in ((first, last + 1), (first - 1, last)) if one >= 0 and end < len(spans)]
        fits = [(one, end) for one, end in wider if spans[end].end - spans[one].start <= most_characters]
        if not fits:
            return passage[spans[first].start : spans[last].end]
        first, last = fits[0]


def _cut_words(text: str, most_characters: int) -> str:
    return text if len(text) <= most_characters else f"{text[:most_characters].rsplit(' ', 1)[0]} …"

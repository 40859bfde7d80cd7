"""What is said in a recording beside the patterns of the library: which it touches, and where its words deny them.

Words are compared here, never judged. That somebody pulls against a pattern is told only where their sentence and
the pattern's share a subject, and the sentence holds a word of denial or contrast whose object the pattern affirms.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cml_mm import prose
from cml_mm.answering.book import Draft
from cml_mm.answering.compose import Composer, quoted
from cml_mm.answering.file_evidence import FileQuote, cite
from cml_mm.answering.file_opposites import Apart, points_apart
from cml_mm.answering.file_quotes import quotes_of
from cml_mm.answering.file_reply import FileReply, doubts
from cml_mm.answering.lecture_questions import LectureQuestion
from cml_mm.answering.lecture_shelf import OneLecture
from cml_mm.answering.lecture_telling import ids, plainly
from cml_mm.answering.lecture_words import WordAnswers
from cml_mm.answering.passages import Passage, core_instruction, definition, page_passages
from cml_mm.visits import Chunk, PatternLink

MOST_PATTERNS = 8
MOST_OF_ONE = 4  # moments of a pattern that is asked about
MOST_SENTENCES = 12  # of a pattern that are looked at
MOST_LOOKED = 3  # chunks that are looked at where no link was drawn
RARE_IDF = 2.2  # of a word on a tenth of the library's pages
LEAST_SHARED = 2
ADVISING_ROLES = ("solution", "practices", "principles")
HONEST = (
    "Words were compared here, not judged: whether a speaker truly goes with a pattern or against it is for people"
    " to decide."
)
UNTOLD = (
    "Nothing that is said shares its subject with a pattern and denies or contrasts it in words, so whether there is"
    " disagreement cannot be told from the words."
)
_NO = r"(?:not|never|no|nobody|none|nor|cannot|without|hardly|\w+n't)"
_MARKED = re.compile(
    rf"\b(?:{_NO}|but|however|instead|rather than|unlike|contrary|whereas|although|though|yet"
    rf"|on the other hand|wrong(?:ly)?"
    r"|mistaken?|mistakes|disagree\w*|doubt\w*|reject\w*|oppos\w+|against|overrated|myth|fail(?:s|ed)?"
    r"|harm(?:s|ful)?)\b",
    re.IGNORECASE,
)
_DISAGREES = re.compile(
    r"(?<!not )(?<!n't )\b(?:disagree with|do(?:es)? not (?:believe in|work|help|hold)"
    r"|don't (?:believe in|think)|doesn't (?:work|help|hold)"
    r"|(?:is|are|was|were) (?:wrong|a mistake|mistaken|overrated|harmful|a myth|a bad idea|useless)"
    r"|reject|oppose|argue against|object to"
    r"|am against|are against|is against)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Touch:
    """Something said or shown beside a sentence of a pattern, and the words that join or part them."""

    one: OneLecture
    quote: FileQuote
    slug: str
    title: str
    passage: Passage
    words: tuple[str, ...]
    named: bool
    score: float
    apart: Apart | None = None
    disagrees: str = ""

    @property
    def seconds(self) -> float:
        return (self.quote.seconds or (0.0, 0.0))[0]

    @property
    def pulls(self) -> bool:
        return self.apart is not None or bool(self.disagrees)


@dataclass(frozen=True)
class LecturePatternAnswers:
    """Of some recordings; `slugs` are the patterns that the question names."""

    words: WordAnswers
    composer: Composer
    slugs: tuple[str, ...] = ()

    @property
    def kinds(self) -> dict[str, Callable[[LectureQuestion], FileReply]]:
        return {"patterns": self.touched, "compare": self.compared, "against": self.against}

    def touched(self, asked: LectureQuestion) -> FileReply:
        """Which patterns come up, each once, in time order."""
        best: dict[str, Touch] = {}
        for touch in self._touches(self.slugs):
            if touch.slug not in best or _rank(touch) < _rank(best[touch.slug]):
                best[touch.slug] = touch
        chosen = sorted(sorted(best.values(), key=_rank)[:MOST_PATTERNS], key=_time)
        if not chosen:
            return self._none()
        return self._told(
            chosen, f"{len(best)} pattern{'' if len(best) == 1 else 's'} touched", len(best) - len(chosen)
        )

    def compared(self, asked: LectureQuestion) -> FileReply:
        """What is said, beside what the patterns that are asked about say."""
        touches = sorted(self._touches(self.slugs), key=_rank)
        chosen = _spread(touches, MOST_OF_ONE if self.slugs else 1)
        if not chosen:
            return self._none()
        return self._told(sorted(chosen, key=_time), f"Beside {_names(chosen)}", 0)

    def against(self, asked: LectureQuestion) -> FileReply:
        """Where words pull against a pattern; where none do, that it cannot be told, with what touches patterns."""
        touches = sorted(self._touches(self.slugs), key=_rank)
        pulling = _spread([touch for touch in touches if touch.pulls], MOST_OF_ONE)
        if pulling:
            return self._told(sorted(pulling, key=_time), f"What may pull against {_names(pulling)}", 0)
        chosen = _spread(touches, 1)[:MOST_OF_ONE]
        if not chosen:
            return self._none()
        reply = self._told(sorted(chosen, key=_time), "Disagreement cannot be told", 0)
        later = tuple(replace(draft, paragraph=draft.paragraph + 1) for draft in reply.drafts)
        return replace(reply, drafts=(Draft(UNTOLD, (), 0), *later), in_words=False)

    def _touches(self, slugs: Sequence[str]) -> Iterator[Touch]:
        """Every link of what is said or shown to a pattern; of patterns without one, what shares rare words."""
        shelf = self.words.finder.shelf
        linked: set[str] = set()
        for link in shelf.links():
            if (not slugs or link.slug in slugs) and (touch := self._touch(link)):
                linked.add(link.slug)
                yield touch
        for slug in slugs:
            entry = self.composer.library.entries.get(slug)
            if entry is None or slug in linked or entry.kind != "pattern":
                continue
            for found in shelf.search(f"{entry.title}. {entry.summary}")[:MOST_LOOKED]:
                for made in self._shared(found.chunk, slug):
                    if touch := self._touch(made):
                        yield touch

    def _touch(self, link: PatternLink) -> Touch | None:
        chunk = self.words.finder.shelf.chunks.get(link.chunk)
        advice = self._advice(link.slug)
        if chunk is None or not advice:
            return None
        stems = frozenset(stem for word in link.words for stem in prose.terms(word))
        quotes = quotes_of(chunk, self.words.finder.shelf, stems)
        if not quotes:
            return None
        title = frozenset(prose.terms(link.title))
        parted = ((quote, passage, apart) for quote in quotes for passage in advice
                  if (apart := self._apart(quote, passage, stems | title)))  # fmt: skip
        against = next(parted, None)
        if against:
            quote, passage, apart = against
        else:
            quote = max(quotes, key=lambda one: len(stems & frozenset(prose.terms(one.text))))
            passage = max(advice[:4], key=lambda one: len(stems & frozenset(prose.terms(one.said))))
            apart = None
        said = frozenset(prose.terms(quote.text))
        words = tuple(word for word in link.words if frozenset(prose.terms(word)) & said)
        heard = quote.quotable and not quote.on_slide
        denies = _DISAGREES.search(quote.text) if heard and title and title <= said else None
        one = self.words.finder.by_id[quote.file.card.id]
        how = denies.group() if denies else ""
        return Touch(one, quote, link.slug, link.title, passage, words, link.named, link.score, apart, how)

    def _apart(self, quote: FileQuote, passage: Passage, stems: frozenset[str]) -> Apart | None:
        """Words that point apart: marked as a denial or contrast, and about something that both speak of."""
        if quote.on_slide or not quote.quotable or not _MARKED.search(quote.text):
            return None
        apart = points_apart(quote.text, passage.said, stems)
        if apart is None:
            return None
        shared = frozenset(prose.terms(quote.text)) & (frozenset(prose.terms(passage.said)) | stems)
        beyond = shared - frozenset(prose.terms(f"{apart.rule} {apart.advice}"))
        return apart if beyond else None

    def _shared(self, chunk: Chunk, slug: str) -> Iterator[PatternLink]:
        """A link by the rare words that a chunk and a pattern's advice share, if there are enough."""
        entry = self.composer.library.entries[slug]
        own = set(prose.terms(" ".join((entry.title, *(passage.said for passage in self._advice(slug)[:2])))))
        words = {prose.stem(word): word for word in prose.words(chunk.text) if len(word) > 2}
        rare = [stem for stem in words if stem in own and self.composer.bm25.idf(stem) >= RARE_IDF]
        if len(rare) >= LEAST_SHARED:
            yield PatternLink(chunk.id, slug, entry.title, tuple(words[stem] for stem in rare[:5]), False, 0.1)

    def _advice(self, slug: str) -> tuple[Passage, ...]:
        """What a pattern says to do and what it is, its core advice first."""
        page = self.composer.page(slug)
        first = (core_instruction(page), definition(page))
        rest = tuple(page_passages(page, ADVISING_ROLES))[:MOST_SENTENCES]
        return tuple({passage.quoted: passage for passage in (*first, *rest) if passage}.values())

    def _told(self, chosen: Sequence[Touch], title: str, left: int) -> FileReply:
        drafts = [draft for place, touch in enumerate(chosen) for draft in self._drafts(touch, place)]
        last = drafts[-1].paragraph + 1
        if left > 0:
            drafts.append(Draft(f"{left} more patterns share words with it.", (), last))
        drafts.append(Draft(HONEST, (), last))
        slugs = tuple(dict.fromkeys(touch.slug for touch in chosen))
        return FileReply(
            title,
            tuple(drafts),
            subjects=(*ids(touch.one for touch in chosen), *slugs),
            ranked=slugs,
            notices=doubts(touch.quote for touch in chosen),
            followups=tuple(f"What is {touch.title}?" for touch in chosen[:2]),
        )

    def _drafts(self, touch: Touch, paragraph: int) -> Iterator[Draft]:
        """The moment, the pattern's own words, and what joins or parts them."""
        book, tell, quote = self.words.tell.book, self.words.tell, touch.quote
        if quote.on_slide:
            yield tell.lines([quote], touch.seconds, tell.of(touch.one), paragraph)
        else:
            yield tell.spoken(self.words.finder.spoken(quote.file.card.id, quote.section, quote.span.start), paragraph)
        pattern = book.passage(touch.passage, found_by=(f"words shared with {touch.one.title}",))
        lead = "This may pull against" if touch.pulls else "This speaks to the same matter as"
        yield Draft(f"{lead} {touch.title}: {quoted(touch.passage)}", (pattern,), paragraph, (touch.title,))
        if not quote.quotable or not touch.words:
            return
        how = f"It names {touch.words[0]}" if touch.named else f"Words that join them: {', '.join(touch.words)}"
        if touch.apart:
            how += f"; “{_bare(touch.apart.rule)}” stands against “{_bare(touch.apart.advice)}”"
        yield Draft(f"{how}.", (cite(quote, book), pattern), paragraph)

    def _none(self) -> FileReply:
        one = self.words.finder.lectures[0]
        where = one.title if len(self.words.finder.lectures) == 1 else "your recordings"
        title = self.composer.library.entries[self.slugs[0]].title if self.slugs else ""
        what = title or "any pattern of the library"
        words = f"Nothing in {where} shares enough words of weight with {what} to be set beside it."
        return plainly("Nothing to set side by side", words, self.words.finder.lectures)


def _rank(touch: Touch) -> tuple[bool, bool, bool, bool, float]:
    """What pulls apart first, then what is named, then what is said, then the surest."""
    return not touch.pulls, not touch.named, touch.quote.on_slide, not touch.words, -touch.score


def _time(touch: Touch) -> tuple[str, float]:
    return touch.one.file.card.id, touch.seconds


def _spread(touches: Iterable[Touch], each: int) -> list[Touch]:
    """No pattern and no sentence too often."""
    chosen: list[Touch] = []
    for touch in touches:
        same = [one for one in chosen if one.slug == touch.slug]
        again = any(one.quote.section == touch.quote.section and one.quote.span == touch.quote.span for one in same)
        if len(same) < each and not again and len(chosen) < MOST_PATTERNS:
            chosen.append(touch)
    return chosen


def _names(touches: Sequence[Touch]) -> str:
    names = list(dict.fromkeys(touch.title for touch in touches))
    return names[0] if len(names) == 1 else "the patterns"


def _bare(words: str) -> str:
    return words.strip(" ,.;:").replace("“", "").replace("”", "")

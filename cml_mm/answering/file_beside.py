"""Files beside the library: clauses next to the patterns that speak to the same matter.

No model judges here. A clause and a pattern are joined by words that both hold (see
`retrieval.file_links`); pairs whose words point apart come first and are told as such, and
every answer says that people have to decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from cml_mm import prose
from cml_mm.answering.abstain import is_sure
from cml_mm.answering.book import Draft, EvidenceBook
from cml_mm.answering.compose import Composer, quoted
from cml_mm.answering.file_answers import at, no_place
from cml_mm.answering.file_evidence import cite
from cml_mm.answering.file_near import NearPairs, Pair, merged
from cml_mm.answering.file_opposites import points_apart
from cml_mm.answering.file_questions import FileQuestion
from cml_mm.answering.file_quotes import quotes_of
from cml_mm.answering.file_reply import FileReply, doubts, said, unsaid
from cml_mm.answering.file_source import Shelf
from cml_mm.answering.passages import Passage, core_instruction, definition, page_passages
from cml_mm.retrieval.ranking import Ranking
from cml_mm.visits import Chunk, PatternLink

MOST_PAIRS = 6
MOST_OF_ONE = 2  # pairs of one clause or of one pattern
MOST_OF_TOPIC = 3  # patterns that are looked at for a topic
MOST_LOOKED = 60  # links whose sentences are compared
MOST_SENTENCES = 12  # of a pattern that are looked at
RARE_IDF = 2.2  # of a word on a tenth of the library's pages
LEAST_SHARED = 2  # rare words that join a clause and a pattern where no link was drawn
WEAK_WORDS = 0.2  # of a link's score, where fewer of its words stand in the sentence that is quoted
ADVISING_ROLES = ("solution", "practices", "principles")
HONEST = (
    "Words and meanings were compared here, not judged: whether a rule truly goes against a pattern, or with it,"
    " is for people to decide."
)


@dataclass(frozen=True)
class FileBeside:
    """Builds the pairs and tells them."""

    composer: Composer
    rank: Callable[[str], Ranking]  # a question to the library's ranking

    def links(
        self, asked: FileQuestion, shelf: Shelf, book: EvidenceBook, patterns: Sequence[str], skip: int = 0
    ) -> FileReply:
        """Clauses beside patterns.

        Args:
            patterns: slugs that are asked about; any where there are none.
            skip: how many pairs were told before.
        """
        chunks = self._chunks(asked, shelf)
        if asked.places and not chunks:
            return no_place(asked.places, shelf)
        slugs = tuple(slug for slug in patterns if self._is_pattern(slug)) or self._of_topic(asked.topic)
        if not slugs and len(chunks) == len(shelf.chunks) and prose.terms(asked.topic):
            return self._none(asked, shelf, (), ())  # neither side knows the topic: nothing else was asked about
        links = [link for link in shelf.links(chunks) if not slugs or link.slug in slugs]
        missing = [slug for slug in slugs if slug not in {link.slug for link in links}]
        if missing or not links:
            links += self._by_words(asked, shelf, chunks, missing)
        near = self._near(asked, shelf, chunks, slugs)
        surest = sorted(links, key=lambda link: (not link.named, -link.score))[:MOST_LOOKED]
        advice = {slug: self._advice(slug) for slug in dict.fromkeys(link.slug for link in surest)}
        linked = [pair for link in surest if (pair := _pair(link, shelf, advice[link.slug]))]
        pairs = _chosen(merged([*linked, *near]), asked.against)[skip:]
        if not pairs and skip:
            return unsaid(shelf, (), asked.question, "No more clauses and patterns were found that belong together.")
        if not pairs:
            return self._none(asked, shelf, chunks, slugs)
        return self._told(asked, shelf, book, pairs[:MOST_PAIRS], more=len(pairs) - MOST_PAIRS)

    def _near(self, asked: FileQuestion, shelf: Shelf, chunks: Sequence[Chunk], slugs: Sequence[str]) -> list[Pair]:
        """Pairs by meaning: of rules that hold an opposite, and of others where nothing else is asked for."""
        near = NearPairs(self.composer, self._advice)
        narrow = bool(asked.places or asked.topic or slugs)
        opposed = near.opposed(chunks, shelf, slugs) if asked.against or narrow else []
        return opposed if opposed or asked.against else near.near(chunks, shelf, slugs)

    def _is_pattern(self, slug: str) -> bool:
        return self.composer.library.entries[slug].kind == "pattern"

    def _of_topic(self, topic: str) -> tuple[str, ...]:
        """The patterns that the library has for a topic; none where it is not sure."""
        ranking = self.rank(topic) if topic else None
        if ranking is None or not is_sure(ranking, self.composer.bm25):
            return ()
        return tuple(page.slug for page in ranking.shown if self._is_pattern(page.slug))[:MOST_OF_TOPIC]

    def _chunks(self, asked: FileQuestion, shelf: Shelf) -> tuple[Chunk, ...]:
        """Where to look: at the places that are named, else where the topic stands, else everywhere."""
        if asked.places:
            return tuple(dict.fromkeys(chunk for place in asked.places for chunk in at(place, shelf)))
        if asked.topic:
            found = shelf.search(asked.topic)
            if found and shelf.source.answers(found):
                return tuple(one.chunk for one in found)
        return tuple(shelf.chunks.values())

    def _by_words(
        self, asked: FileQuestion, shelf: Shelf, chunks: Sequence[Chunk], slugs: Sequence[str]
    ) -> list[PatternLink]:
        """Where no link was drawn: the passages nearest to a pattern, or the patterns nearest to a passage."""
        made: list[PatternLink] = []
        for slug in slugs:
            entry = self.composer.library.entries[slug]
            found = shelf.search(f"{entry.title}. {entry.summary}")
            for one in found[:2]:
                made += self._shared(one.chunk, slug)
        if slugs or made:
            return made
        text = asked.topic or (" ".join(chunk.text for chunk in chunks)[:600] if asked.places else "")
        if not text:
            return []
        ranking = self.rank(text)
        if not is_sure(ranking, self.composer.bm25):
            return []
        near = [page.slug for page in ranking.shown if self._is_pattern(page.slug)]
        return [link for slug in near[:3] for chunk in chunks[:6] for link in self._shared(chunk, slug)]

    def _shared(self, chunk: Chunk, slug: str) -> Iterator[PatternLink]:
        """A link by the rare words that a passage and a pattern's advice share, if there are enough."""
        entry = self.composer.library.entries[slug]
        page = self.composer.page(slug)
        told = " ".join(passage.said for passage in (core_instruction(page), definition(page)) if passage)
        own = set(prose.terms(f"{entry.title} {told}"))
        words = {prose.stem(word): word for word in prose.words(chunk.text) if len(word) > 2}
        rare = {stem: idf for stem in words.keys() & own if (idf := self.composer.bm25.idf(stem)) >= RARE_IDF}
        shared = sorted(rare, key=lambda stem: -rare[stem])
        if len(shared) >= LEAST_SHARED:
            weight = sum(rare[stem] for stem in shared[:5]) / 100
            yield PatternLink(chunk.id, slug, entry.title, tuple(words[s] for s in shared[:5]), False, weight)

    def _advice(self, slug: str) -> tuple[Passage, ...]:
        """What a pattern says to do and what it is, its core advice first."""
        page = self.composer.page(slug)
        first = (core_instruction(page), definition(page))
        rest = tuple(page_passages(page, ADVISING_ROLES))[:MOST_SENTENCES]
        return tuple({passage.quoted: passage for passage in (*first, *rest) if passage}.values())

    def _told(
        self, asked: FileQuestion, shelf: Shelf, book: EvidenceBook, pairs: Sequence[Pair], more: int
    ) -> FileReply:
        drafts: list[Draft] = []
        if asked.against and not any(pair.apart for pair in pairs):
            words = "No words were found that point apart; these clauses and patterns speak to the same matter."
            drafts.append(Draft(words, (), 0))
        start = len(drafts)
        for place, pair in enumerate(pairs):
            drafts += _pair_drafts(pair, book, start + place)
        last = drafts[-1].paragraph + 1
        if more > 0:
            drafts.append(Draft(f"{more} more pairs were found; ask for the others.", (), last))
        drafts.append(Draft(HONEST, (), last))
        slugs = tuple(dict.fromkeys(pair.slug for pair in pairs))
        files = tuple(dict.fromkeys(pair.quote.file.card.id for pair in pairs))
        first = self.composer.library.entries[slugs[0]].title
        beside = first if len(slugs) == 1 else "the patterns"
        name = shelf.titles[files[0]] if len(files) == 1 else "Your files"
        return FileReply(
            f"{name} beside {beside}",
            tuple(drafts),
            subjects=(*files, *slugs),
            ranked=slugs,
            notices=doubts(pair.quote for pair in pairs),
            followups=(f"What is {first}?", f"What does {first} require?", "What else?"),
        )

    def _none(self, asked: FileQuestion, shelf: Shelf, chunks: Sequence[Chunk], slugs: Sequence[str]) -> FileReply:
        """No pair: said so, with the pattern that was meant and the nearest passages."""
        titles = [self.composer.library.entries[slug].title for slug in slugs[:1]]
        where = asked.places[0].words if asked.places else "your files"
        if titles:
            words = f"Nothing in {where} shares enough words of weight with {titles[0]} to be set beside it."
        else:
            words = f"No pattern of the library clearly speaks to {where}: they share too few words of weight."
        reply = unsaid(shelf, shelf.search(" ".join((asked.topic or asked.question, *titles))), asked.question, words)
        file = next((chunk.file for chunk in chunks), "") if asked.places or len(shelf.files) == 1 else ""
        return FileReply(
            "Nothing to set side by side",
            reply.drafts,
            sure=False,
            held=0.0,
            subjects=(*((file,) if file else ()), *slugs[:1]),
            ranked=tuple(slugs),
            considered=reply.considered,
            followups=tuple(f"What is {title}?" for title in titles),
        )


def _pair(link: PatternLink, shelf: Shelf, advice: Sequence[Passage]) -> Pair | None:
    """The clause's and the pattern's sentences that say most to each other; opposites count most."""
    chunk = shelf.chunks.get(link.chunk)
    if chunk is None or not advice:
        return None
    stems = frozenset(stem for word in link.words for stem in prose.terms(word))
    quotes = quotes_of(chunk, shelf, stems)
    best: Pair | None = None
    most = (False, -1)
    for quote in quotes:
        shared = len(stems & set(prose.terms(quote.text)))
        joins = bool(shared) or link.named
        found = next(
            ((p, apart) for p in advice if (apart := points_apart(quote.text, p.said, stems))), None
        ) if joins and quote.quotable else None  # fmt: skip
        rank = (found is not None, shared)
        if rank > most and joins:
            passage, apart = found or (_nearest(advice, stems), None)
            most = rank
            best = Pair(quote, chunk.id, link.slug, link.title, passage, link.words, link.named, link.score, apart)
    return best


def _pair_drafts(pair: Pair, book: EvidenceBook, paragraph: int) -> Iterator[Draft]:
    """The clause, the pattern's own words, and what joins them."""
    clause = said(pair.quote, book, paragraph)
    yield clause
    pattern = book.passage(pair.passage, found_by=(f"words shared with {pair.quote.title}",))
    heard = pair.quote.quotable  # else what was made out may be wrong, and nothing follows from its words
    lead = "This may pull against" if pair.apart and heard else "This speaks to the same matter as"
    if not (pair.apart or pair.words):
        lead = "Near to it in meaning is"
    yield Draft(f"{lead} {pair.title}: {quoted(pair.passage)}", (pattern,), paragraph, (pair.title,))
    if not heard:
        return
    shown = _in_clause(pair)
    how = f"Words that join them: {', '.join(shown)}" if shown else "The two are near in meaning"
    how = f"The clause names {pair.words[0]}" if pair.named else how
    cites = (cite(pair.quote, book), pattern) if shown or pair.named else ()
    if pair.apart:
        how += f"; “{_bare(pair.apart.rule)}” stands against “{_bare(pair.apart.advice)}”"
    if pair.apart or cites:
        yield Draft(f"{how}.", cites, paragraph)


def _in_clause(pair: Pair) -> tuple[str, ...]:
    """Those of the joining words that stand in the clause as quoted."""
    said = set(prose.terms(pair.quote.text))
    return tuple(word for word in pair.words if set(prose.terms(word)) & said)


def _chosen(pairs: Iterable[Pair], against: bool) -> list[Pair]:
    """Those that point apart first, then by name, then the surest; no clause or pattern too often.

    Args:
        against: what points apart is asked for; then others are told only where nothing does.
    """
    pairs = list(pairs)
    if against and any(pair.apart for pair in pairs):
        pairs = [pair for pair in pairs if pair.apart]
    chosen: list[Pair] = []
    counts: Counter[object] = Counter()
    for pair in sorted(pairs, key=_rank):
        keys = (pair.slug, (pair.quote.file.card.id, pair.quote.section, pair.quote.span))
        if any(counts[key] >= MOST_OF_ONE for key in keys):
            continue
        counts.update(keys)
        chosen.append(pair)
    return _in_turns(chosen) if against else chosen


def _rank(pair: Pair) -> tuple[bool, bool, bool, float]:
    weak = not pair.named and pair.words and len(_in_clause(pair)) < LEAST_SHARED
    denied = pair.apart is not None and pair.apart.denied
    return pair.apart is None, denied, not pair.named, (WEAK_WORDS if weak else 0.0) - pair.score


def _in_turns(pairs: Sequence[Pair]) -> list[Pair]:
    """One of every clause before the second of any."""
    before: Counter[object] = Counter()
    places = []
    for pair in pairs:
        clause = (pair.quote.file.card.id, pair.quote.section, pair.quote.span)
        places.append(before[clause])
        before[clause] += 1
    return [pair for _, pair in sorted(zip(places, pairs, strict=True), key=lambda both: both[0])]


def _nearest(advice: Sequence[Passage], stems: frozenset[str]) -> Passage:
    """The core advice, unless another of the first sentences shares more of the joining words."""
    return max(advice[:4], key=lambda passage: len(stems & set(prose.terms(passage.said))))


def _bare(words: str) -> str:
    return words.strip(" ,.;:").replace("“", "").replace("”", "")

"""Which of the library's names a question speaks: titles, aliases, slugs, labels, small misspellings.

Words are compared folded and stemmed. A word that the library knows is never read as another,
and one that it does not know may have one mistake: an invented name stays unknown. It knows
nothing about vectors or scores.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from cml_mm import prose
from cml_mm.graph.library_graph import Entry
from cml_mm.retrieval.fuzzy_titles import TitleIndex, TitleMatch
from cml_mm.retrieval.spelling import NearWords, word_places

MAX_NAME_WORDS = 12
MOST_LABEL_WORDS = 8  # longer context labels are sentences
LEAST_TERM_LETTERS = 7
MOST_LABEL_SHARERS = 2  # a label that more patterns share is a template
LABEL_TRUST = 0.6  # of a title's boost
ALIAS_TRUST = 0.9
RARE = 2  # pages: a word on no more may be a slip of theirs …
MUCH_MORE_COMMON = 10  # … where its letters in another order are so many times as common
LEAST_ALIKE = 0.4  # share of trigrams for "did you mean"
_GENERIC_TAIL = frozenset({"pattern", "method", "methodology", "model", "framework", "practice", "technique"})
_ORGANISATION_TAIL = frozenset(
    {"corporation", "company", "project", "foundation", "federation", "network", "group", "cooperative", "co-operative"}
)
_AROUND = re.compile(
    rf"\A\s*(?:the\s+)?(?:patterns?\s+)?|\s+(?:{'|'.join(sorted(_GENERIC_TAIL))})s?\s*\Z", re.IGNORECASE
)
_QUOTED = re.compile(r"[\"“”‘«»]([^\"“”’«»\n]{3,80})[\"“”’«»]|(?<!\w)'([^'\n]{3,80})'(?!\w)")
_CAPITALISED = re.compile(r"(?<=[\w,] )[A-Z][\w'’-]+(?: (?:(?:of|the|and|for|with|in) )?[A-Z][\w'’-]+)+")
_ABOUT_A_PATTERN = re.compile(
    r"\b(patterns?\b|what (does|is|are|do)\b.*\b(require|enable|need|depend|lead to|complement|tension|alternative))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class NameMatch:
    """A name of the library found in a question.

    `name` is as the question writes it; `start` and `end` count words of the question; `slugs`
    share the name; `exact` is false for anything but a title as it stands: an alias, a shortened
    or a misspelt title. `spelled` is the library's spelling where the question's was put right,
    else empty; `label` says that it is only what one kind of people calls the pattern.
    """

    name: str
    slugs: tuple[str, ...]
    start: int
    end: int
    exact: bool
    spelled: str = ""
    label: bool = False

    @property
    def words(self) -> int:
        return self.end - self.start


class NameIndex:
    """Names to slugs, by their stemmed words."""

    def __init__(self, entries: Iterable[Entry], frequency: Callable[[str], int] | None = None) -> None:
        """Args:
        entries: the library's pages.
        frequency: on how many pages a stem stands (`Bm25.document_frequency`); a word on any is
            spelt right. Without it only the words of titles, aliases, labels and summaries are.
        """
        self._full: dict[tuple[str, ...], list[str]] = {}
        self._short: dict[tuple[str, ...], list[str]] = {}
        self._labels: dict[tuple[str, ...], list[str]] = {}
        self._titles: dict[str, list[str]] = {}
        self._frequency = frequency
        spelt: dict[tuple[str, str], None] = {}
        said: list[str] = []
        for entry in entries:
            self._titles.setdefault(prose.fold(entry.title), []).append(entry.title)
            short = (*entry.aliases, *_shortened(entry.title, entry.kind == "lighthouse"))
            self._add(self._full, entry.title, entry.slug)
            self._add(self._full, entry.title.replace("&", " "), entry.slug)
            self._add(self._full, entry.slug.replace("-", " "), entry.slug)
            for name in short:
                self._add(self._short, name, entry.slug)
            labels = [label for _, label in entry.context_labels if _may_name(label) or self._is_term(label)]
            for label in labels:
                self._add(self._labels, label, entry.slug)
            forms = (form for name in (entry.title, *short) for form in (name, name.replace("&", "and")))
            spelt |= {(entry.slug, form): None for form in forms}
            said += [entry.title, *short, *labels, *(() if frequency else (entry.summary,))]
        self._labels = {key: slugs for key, slugs in self._labels.items() if len(slugs) <= MOST_LABEL_SHARERS}
        self._stems = frozenset(term for text in said for term in prose.terms(text))
        self._spelt = TitleIndex.build(tuple(spelt), self._knows, one_slip=True)
        self._alike = NearWords(self._titles)

    def _is_term(self, label: str) -> bool:
        """Whether a label of one word is a term of its own: long, and hardly written anywhere."""
        words = prose.words(label)
        if len(words) != 1 or len(words[0]) < LEAST_TERM_LETTERS or self._frequency is None:
            return False
        return self._frequency(prose.stem(words[0])) <= RARE

    def _knows(self, word: str) -> bool:
        """Whether a word is spelt right, or at least no slip that a page or two made as well."""
        stem = prose.stem(word)
        if stem in self._stems or self._frequency is None:
            return stem in self._stems
        count = self._frequency(stem)
        if not count or count > RARE:
            return count > 0
        return not any(
            self._frequency(prose.stem(other)) >= MUCH_MORE_COMMON * count for other in self._spelt.swapped(word)
        )

    @staticmethod
    def _add(table: dict[tuple[str, ...], list[str]], name: str, slug: str) -> None:
        key = name_key(name)
        if key and slug not in table.setdefault(key, []):
            table[key].append(slug)

    def resolve(self, name: str) -> tuple[str, ...]:
        """The slugs that bear exactly this name, titles before aliases; "the … pattern" may stand around it."""
        for written in (name, _AROUND.sub("", name)):
            key = name_key(written)
            if slugs := self._full.get(key) or self._short.get(key):
                return tuple(slugs)
        return ()

    def whole(self, name: str) -> NameMatch | None:
        """A name by itself, as "pattern A" of a command: by title, alias, slug, label or a small misspelling."""
        for written in (name, _AROUND.sub("", name)):
            size = len(prose.words(written))
            for match in self.find(f"“{written}”"):
                if match.words == size:
                    return match
        return None

    def near(self, name: str, limit: int = 3) -> tuple[str, ...]:
        """Titles that look most like a name, for "did you mean"; none where nothing does."""
        found = self._alike.most_alike(prose.fold(name), limit, LEAST_ALIKE)
        return tuple(title for folded in found for title in self._titles[folded][:1])

    def find(self, question: str) -> tuple[NameMatch, ...]:
        """Longest names first come first served, in the order of the question.

        A one-word name counts only where it is written as a name (capital, digit, quotes, "the …
        pattern") or nothing else of substance is asked, since "trust" or "growth" are also words.
        """
        words = _Words.read(question)
        found = [match for match in self._spelt.find(question) if not match.exact]
        matches = [self._corrected(match, words) for match in found if words.said_whole(match.start, match.end)]
        matches += self._as_spelt(words)
        taken = [False] * len(words.folded)
        chosen = []
        for match in sorted(matches, key=lambda match: (-match.words, bool(match.spelled), match.start)):
            if not any(taken[match.start : match.end]):
                chosen.append(match)
                taken[match.start : match.end] = [True] * match.words
        return tuple(sorted(chosen, key=lambda match: match.start))

    def _as_spelt(self, words: _Words) -> list[NameMatch]:
        """All names that stand in the question as the library spells them, nested ones too."""
        size = len(words.folded)
        return [
            match
            for start in range(size)
            for end in range(start + 1, min(size, start + MAX_NAME_WORDS) + 1)
            if (match := self._at(words, start, end))
        ]

    def _at(self, words: _Words, start: int, end: int) -> NameMatch | None:
        key = words.stems[start:end]
        full = self._full.get(key)
        slugs = full or self._short.get(key)
        label = not slugs
        if label and key in self._labels and words.named_label(start, end):
            slugs = self._labels[key]
        if not slugs or all(word in prose.STOP_WORDS for word in words.folded[start:end]):
            return None
        if end - start == 1 and not words.named(start):
            return None
        return NameMatch(words.shown(start, end), tuple(slugs), start, end, exact=bool(full), label=label)

    @staticmethod
    def _corrected(match: TitleMatch[str], words: _Words) -> NameMatch:
        name = words.shown(match.start, match.end)
        return NameMatch(name, match.ids, match.start, match.end, exact=False, spelled=match.title)


@dataclass(frozen=True)
class _Words:
    """A question's words: folded, stemmed and as written, and which of them quotes hold."""

    question: str
    places: tuple[prose.Span, ...]
    folded: tuple[str, ...]
    stems: tuple[str, ...]
    quoted: tuple[tuple[int, int], ...]  # first word and one past the last

    @classmethod
    def read(cls, question: str) -> _Words:
        places = tuple(word_places(question))
        folded = tuple(prose.fold(place.of(question)) for place in places)
        quoted = []
        for found in _QUOTED.finditer(question):
            inside = [i for i, place in enumerate(places) if found.start() <= place.start and place.end <= found.end()]
            if inside:
                quoted.append((inside[0], inside[-1] + 1))
        return cls(question, places, folded, tuple(prose.stem(word) for word in folded), tuple(quoted))

    def shown(self, start: int, end: int) -> str:
        return " ".join(place.of(self.question) for place in self.places[start:end])

    def said_whole(self, start: int, end: int) -> bool:
        """Whether words are no mere part of something in quotes: a quoted name is not corrected by halves."""
        return all((first, last) == (start, end) or last <= start or end <= first for first, last in self.quoted)

    def named(self, at: int) -> bool:
        """Whether a single word is written as a name."""
        word = self.places[at].of(self.question)
        if all(other in prose.STOP_WORDS for i, other in enumerate(self.folded) if i != at):
            return True
        if self.folded[at] in prose.STOP_WORDS:
            return False
        capital = any(char.isdigit() for char in word) or word.isupper() or (word[0].isupper() and at > 0)
        return capital or (at, at + 1) in self.quoted or self._called_a_pattern(at)

    def named_label(self, start: int, end: int) -> bool:
        """Whether words are written as the name of something: a label may also be just words."""
        if (start, end) in self.quoted or (end - start == 1 and self.named(start)):
            return True
        heavy = [i for i in range(start, end) if self.folded[i] not in prose.STOP_WORDS]
        return len(heavy) > 1 and (len(heavy) == len(self._heavy) or all(self._capital(i) for i in heavy))

    @cached_property
    def _heavy(self) -> Sequence[str]:
        return [word for word in self.folded if word not in prose.STOP_WORDS]

    def _capital(self, at: int) -> bool:
        return not self.places[at].of(self.question)[0].islower()

    def _called_a_pattern(self, at: int) -> bool:
        after = self.folded[at + 1 : at + 2] == ("pattern",)
        return after and at > 0 and self.folded[at - 1] in {"the", "called", "named"}


def name_key(name: str) -> tuple[str, ...]:
    """How names are compared: folded, stemmed words, "&" read as "and"."""
    return tuple(prose.stem(word) for word in prose.words(name.replace("&", " and ")))


def unknown_names(question: str, names: NameIndex) -> tuple[str, ...]:
    """Names that the library does not hold, as written: quoted, or capitalised where a pattern is asked about."""
    written = [a or b for a, b in _QUOTED.findall(question)]
    if _ABOUT_A_PATTERN.search(question):
        written += _CAPITALISED.findall(question)
    whole = [name.rstrip("'’") for name in written]
    unknown = [name for name in dict.fromkeys(whole) if name[:1].isupper() and not _known(name, names)]
    return tuple(name for name in unknown if not any(name != other and name in other for other in unknown))


def _known(name: str, names: NameIndex) -> bool:
    """Whether this is a name of the library, or several joined by "and"."""
    return names.whole(name) is not None or all(names.whole(part) for part in name.split(" and "))


def title_boosts(matches: Iterable[NameMatch]) -> dict[str, float]:
    """Slug to boost: min(1, 0.4 + 0.3 × words), divided among those that share the name (FACTS §6).

    An alias, a label and a corrected spelling count less than a title as it stands.
    """
    boosts: dict[str, float] = {}
    for match in matches:
        strength = min(1.0, 0.4 + 0.3 * match.words) / len(match.slugs) ** 0.5
        for slug in match.slugs:
            boosts[slug] = max(boosts.get(slug, 0.0), _trust(match) * strength)
    return boosts


def _trust(match: NameMatch) -> float:
    if match.label:
        return LABEL_TRUST
    return 1.0 if match.exact else ALIAS_TRUST


def _may_name(label: str) -> bool:
    """Whether a context label is a name and no sentence."""
    words = prose.words(label)
    return 2 <= len(words) <= MOST_LABEL_WORDS and not label.rstrip().endswith((".", "!", "?", ";"))


def _shortened(title: str, adopter: bool) -> list[str]:
    """Other ways to say a title: its bracketed part, without it, without a generic last word."""
    short = []
    inside = re.search(r"\(([^)]+)\)", title)
    outside = re.sub(r"\s*\([^)]*\)", "", title).strip()
    if inside:
        short += [outside, *re.split(r"[/,]", inside.group(1))]
    head = re.split(r"\s+[-–—:]\s+|:\s+", outside)[0]
    if head != outside:
        short.append(head)
    parts = outside.split()
    generic = _ORGANISATION_TAIL if adopter else _GENERIC_TAIL
    if len(parts) > 1 and parts[-1].lower() in generic:
        short.append(" ".join(parts[:-1]))
    return [name.strip() for name in short if len(name.strip()) > 2]

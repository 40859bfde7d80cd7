"""Misspelt words: which known words are near, and which of them was meant.

Only words that the corpus does not hold are ever changed, and only into a word that it
does hold, so that a question whose words are all known stays as it was asked.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cml_mm import prose

LEAST_LETTERS = 4  # shorter words are near too many others
LONG_WORD = 8  # letters from which on two mistakes are forgiven
LEAST_REORDERED = 5  # … and two swaps
MUCH_MORE = 8  # how many times as common the best of equally near words must be
LONGEST_CODE = 5  # letters of an abbreviation in capitals
RARE = 2  # texts: a word in no more may be a mistake of the corpus itself …
OVERWHELMING = 100  # … where its letters in another order are so many times as common


@dataclass(frozen=True)
class Near:
    """A known word and its distance: insertions, deletions, wrong and swapped neighbouring letters."""

    word: str
    distance: int
    swapped: bool  # the same letters in another order: the likeliest mistake

    @property
    def rank(self) -> tuple[int, bool]:
        """Less is nearer."""
        return self.distance, not self.swapped


class NearWords:
    """Finds the words of a list that are near a given one.

    Candidates share letter trigrams (an inverted index, as in Zobel and Dart 1995, Finding
    approximate matches in large lexicons), of which a swapped pair spoils up to four, or all
    their letters. The distance (Damerau 1964; optimal string alignment) then decides.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(words)
        codes, owners = _trigrams(self.words)
        order = np.argsort(codes, kind="stable")
        self._codes, self._starts = np.unique(codes[order], return_index=True)
        self._starts = np.append(self._starts, len(codes))
        self._owners = owners[order]
        self._lengths = np.array([len(word) for word in self.words], dtype=np.int32)
        self._anagrams: dict[str, list[int]] = defaultdict(list)
        for row, word in enumerate(self.words):
            self._anagrams[_letters(word)].append(row)

    def near(self, word: str, most: int) -> tuple[Near, ...]:
        """Words that a folded word may stand for, nearest first, then in list order.

        Args:
            word: is not among those returned.
            most: the greatest distance; words of the same letters may be two swaps away.
        """
        from rapidfuzz.distance import OSA

        letters = _letters(word)
        rows = {row: most for row in ([] if word.isdecimal() else self._candidates(word, most))}
        if len(word) >= LEAST_REORDERED:
            rows |= {row: 2 for row in self._anagrams.get(letters, [])}
        else:
            rows |= {row: 1 for row in self._anagrams.get(letters, [])}
        found = []
        for row, limit in rows.items():
            other = self.words[row]
            distance = int(OSA.distance(word, other, score_cutoff=limit))
            if 0 < distance <= limit:
                found.append(Near(other, distance, letters == _letters(other)))
        return tuple(sorted(found, key=lambda near: near.rank))

    def most_alike(self, text: str, limit: int, least: float = 0.0) -> tuple[str, ...]:
        """Words (or whole names) by the share of trigrams that they have in common with a text (Dice 1945).

        Args:
            text: folded.
            limit: how many to return at most.
            least: share below which none is returned, 0 to 1.
        """
        shared, own = self._shared(text)
        if not own:
            return ()
        dice = 2 * shared / (own + np.maximum(self._lengths, 1))
        best = np.argsort(-dice, kind="stable")[:limit]
        return tuple(self.words[row] for row in best if dice[row] >= least and shared[row])

    def _shared(self, text: str) -> tuple[NDArray[np.int64], int]:
        """How many different trigrams of a text each word has, and how many the text has."""
        codes = np.unique(_trigrams([text])[0])
        places = np.searchsorted(self._codes, codes)
        held = places < len(self._codes)
        places = places[held][self._codes[places[held]] == codes[held]]
        owners = [np.unique(self._owners[self._starts[place] : self._starts[place + 1]]) for place in places]
        joined = np.concatenate([np.zeros(0, np.int64), *owners])
        return np.bincount(joined, minlength=len(self.words)), len(codes)

    def _candidates(self, word: str, most: int) -> list[int]:
        """Rows of words of about this length that share enough trigrams."""
        shared, own = self._shared(word)
        enough = shared >= max(1, own - 4 * most)
        return [int(row) for row in np.flatnonzero(enough & (abs(self._lengths - len(word)) <= most))]


def _letters(word: str) -> str:
    return "".join(sorted(word))


def _trigrams(words: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Codes of all letter trigrams, word ends included, and the row of the word that each is from."""
    text = "".join(f"\x01{word}\x02" for word in words)
    letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    rows = np.repeat(np.arange(len(words)), [len(word) + 2 for word in words])
    if len(letters) < 3:
        return np.zeros(0, np.uint64), np.zeros(0, np.int64)
    shift = np.uint64(21)
    codes = (letters[:-2] << shift | letters[1:-1]) << shift | letters[2:]
    inside = rows[:-2] == rows[2:]
    return codes[inside], rows[:-2][inside]


class Vocabulary:
    """The words of a corpus, folded, each with the number of texts that hold it."""

    def __init__(self, frequencies: Mapping[str, int], stem_frequency: Callable[[str], int] | None = None) -> None:
        """Args:
        frequencies: folded word to the number of texts that hold it: what a mistake is mended into.
        stem_frequency: where given, says for a stem in how many texts it stands; its words
            count as known too, though nothing is mended into them.
        """
        self._frequencies = frequencies
        self._stem_frequency = stem_frequency
        self._stems = frozenset(prose.stem(word) for word in frequencies)
        self._near = NearWords(word for word in frequencies if len(word) >= LEAST_LETTERS and word.isalpha())

    @classmethod
    def of_texts(cls, texts: Iterable[str]) -> Vocabulary:
        """Counts the words of texts."""
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(set(prose.words(text)))
        return cls(counts)

    def frequency(self, word: str) -> int:
        """In how many texts a folded word stands, in this or another form; 0 for one that is not known."""
        if count := self._frequencies.get(word, 0):
            return count
        if word in prose.STOP_WORDS:
            return 1
        stem = prose.stem(word)
        if self._stem_frequency:
            return self._stem_frequency(stem)
        return int(stem in self._stems)

    def knows(self, word: str) -> bool:
        """Whether a folded word is spelt right: it is known and no mere slip of a very common one."""
        count = self.frequency(word)
        if not count or count > RARE or len(word) < LEAST_LETTERS:
            return count > 0
        return not any(
            near.swapped and self.frequency(near.word) >= OVERWHELMING * count for near in self._near.near(word, 1)
        )

    def meant(self, word: str, name: bool = False) -> str | None:
        """The known word that a misspelt one stands for, or None where that is not clear.

        Args:
            word: folded.
            name: whether it is written as a name. A stranger's name must stay as it is, so
                only swapped letters and, in long ones, a single mistake are mended.
        """
        if len(word) < LEAST_LETTERS or not word.isalpha() or (self.frequency(word) if name else self.knows(word)):
            return None
        long = len(word) >= LONG_WORD
        found = [near for near in self._near.near(word, 2 if long else 1) if near.swapped or not name or long]
        if name:
            found = [near for near in found if near.distance == 1 or near.swapped]
        if not found:
            return None
        ranked = sorted(found, key=lambda near: (near.rank, -self.frequency(near.word)))
        best = ranked[0]
        if best.word[0] != word[0] and not best.swapped:
            return None  # "uncultured" is not "cultured": people seldom miss the first letter
        rivals = [
            near for near in ranked[1:] if near.rank == best.rank and prose.stem(near.word) != prose.stem(best.word)
        ]
        if rivals and self.frequency(best.word) < MUCH_MORE * self.frequency(rivals[0].word):
            return None
        return best.word


@dataclass(frozen=True)
class Mended:
    """A question with its misspelt words put right; `changes` are (as written, as meant)."""

    text: str
    changes: tuple[tuple[str, str], ...]


def mend(question: str, vocabulary: Vocabulary) -> Mended:
    """Puts misspelt words right where the corpus knows exactly one word that was meant.

    Args:
        question: as asked.
        vocabulary: of the corpus that will be searched.

    Returns:
        The question with everything else left as it is.
    """
    parts: list[str] = []
    changes: list[tuple[str, str]] = []
    position = 0
    for place in word_places(question):
        written = place.of(question)
        if _is_code(written):
            continue
        meant = vocabulary.meant(prose.fold(written), name=written[:1].isupper() and place.start > 0)
        if meant is None:
            continue
        shown = in_case_of(written, meant)
        parts += [question[position : place.start], shown]
        position = place.end
        changes.append((written, shown))
    return Mended("".join([*parts, question[position:]]), tuple(changes))


def _is_code(written: str) -> bool:
    """Whether a word is an abbreviation: "NATO", "mRNA"; of those none is near enough to another."""
    return any(char.isupper() for char in written[1:]) and (not written.isupper() or len(written) <= LONGEST_CODE)


def word_places(text: str) -> list[prose.Span]:
    """Where each of `prose.words` stands in a text, without a possessive ending."""
    found = ((hit.start(), hit.group().split("'")[0].split("’")[0]) for hit in prose.WORD.finditer(text))
    return [prose.Span(start, start + len(word)) for start, word in found]


def in_case_of(written: str, meant: str) -> str:
    """A folded word with the capitals of the one that it replaces."""
    if written.isupper() and len(written) > 1:
        return meant.upper()
    return meant[:1].upper() + meant[1:] if written[:1].isupper() else meant

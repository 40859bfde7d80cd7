"""Labels as people say them: folded, without endings, near enough where a letter is wrong.

A question seldom repeats a label letter by letter: "the assemblies" is "Assembly", "deciding on the
budget" is "Decide on budget", "the board" is "Board of trustees". Likeness of letters is the ratio of
Ratcliff and Metzener ("Pattern Matching: The Gestalt Approach", 1988), as the standard library has it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

SURE = 0.84  # likeness from which on two labels are the same words, one of them misspelt
NEAR = 0.45  # likeness from which on a label is worth naming where none is the same
_PART = 0.62  # of a label that is said only in part, before its share of words is counted
_SHORTEST_MISSPELT = 4  # letters of a word that may be misspelt
_GAPS = 0.9  # likeness of words with other gaps between them
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SMALL = frozenset(
    """a an the of our my your their its this that these those to in on at for by with and or box boxes step node
    called named lane group circle team shape stage""".split()
)
_VOWEL = re.compile("[aeiouy]")
_IRREGULAR = {
    "paid": "pay", "made": "make", "sent": "send", "gave": "give", "given": "give", "held": "hold", "kept": "keep",
    "built": "build", "bought": "buy", "brought": "bring", "chosen": "choose", "chose": "choose", "written": "write",
    "wrote": "write", "taken": "take", "took": "take", "told": "tell", "sold": "sell", "spent": "spend", "met": "meet",
    "heard": "hear", "found": "find", "led": "lead", "people": "person", "children": "child", "halves": "half",
}  # fmt: skip
_MARKERS = frozenset(("start", "end", "stop", "begin", "finish", "the start", "the end"))
_BARE = frozenset("a an the of our my your their its this that these those".split())


@dataclass(frozen=True)
class Likeness:
    """How well a label fits what was said: `part` is its id, `score` from 0 to 1."""

    part: str
    label: str
    score: float


def folded(text: str) -> str:
    """Lower case, without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@lru_cache(maxsize=50_000)
def words_of(text: str) -> tuple[str, ...]:
    """Folded words without possessive endings."""
    return tuple(re.split("['’]", word)[0] for word in _WORD.findall(folded(text)))


@lru_cache(maxsize=50_000)
def stem_of(word: str) -> str:
    """A word without the endings of number, person and tense; rough, but the same for all forms of most words."""
    word = _IRREGULAR.get(word, word)
    if len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 4 and word.endswith(("sses", "xes", "zes", "ches", "shes")):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if len(word) > 8 and word.endswith("ship"):
        word = word[:-4]
    for ending in ("ing", "ed"):
        least = 2 if ending == "ing" and _VOWEL.search(word[:-3]) else 3  # "paying", not "string"
        if len(word) > len(ending) + least and word.endswith(ending):
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sle":
                word = word[:-1]
            break
    if len(word) > 7 and word.endswith(("tion", "sion")):
        return word[:-3]
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word.endswith("y") else word


@lru_cache(maxsize=50_000)
def stems_of(text: str) -> tuple[str, ...]:
    """The stems of a text's words, articles left out; all of them where nothing else is said."""
    said = words_of(text)
    return tuple(stem_of(word) for word in said if word not in _BARE) or tuple(stem_of(word) for word in said)


@lru_cache(maxsize=100_000)
def likeness(said: str, label: str) -> float:
    """How well a label fits what was said, 0 to 1; 1 where they are the same words."""
    one, other = stems_of(said), stems_of(label)
    if not one or not other:
        return 1.0 if folded(said).strip() == folded(label).strip() and said.strip() else 0.0
    if one == other:
        return 1.0
    bare = tuple(word for word in one if word not in _SMALL), tuple(word for word in other if word not in _SMALL)
    if bare[0] and bare[0] == bare[1]:
        return 0.97
    glued = "".join(one), "".join(other)
    if glued[0] == glued[1]:
        return 0.96
    letters = SequenceMatcher(None, *glued, autojunk=False).ratio()
    same = all(map(same_word, one, other)) if len(one) == len(other) else letters >= _GAPS and _no_digits(one, other)
    return max(max(letters, SURE) if same else 0.0, _in_part(*bare), 0.8 * letters)


def _no_digits(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether what differs may be a slip: a number is none, nor a single letter ("Step 1" is not "Step 2")."""
    return not any(word.isdigit() or len(word) == 1 for word in set(one) ^ set(other))


def _in_part(said: Sequence[str], label: Sequence[str]) -> float:
    """The share of a label that is said, where all that is said stands in it; "the board" of "Board of trustees"."""
    if not said or not label or len(said) > len(label):
        return 0.0
    held = sum(any(same_word(word, other) for other in label) for word in said)
    if held < len(said) or all(len(word) < 3 for word in said):
        return 0.0
    return _PART + (SURE - _PART + 0.08) * len(said) / len(label)


def same_word(one: str, other: str) -> bool:
    """Whether two stems are one word, a letter or two of a longer one forgiven."""
    if one == other:
        return True
    long = min(len(one), len(other)) >= _SHORTEST_MISSPELT
    return long and one[0] == other[0] and SequenceMatcher(None, one, other, autojunk=False).ratio() >= SURE


def is_marker(label: str) -> bool:
    """Whether a label only marks where a process begins or ends: "Start", "End", "Stop"."""
    return " ".join(words_of(label)) in _MARKERS


def ranked(said: str, labels: Iterable[tuple[str, str]]) -> tuple[Likeness, ...]:
    """Labels by their likeness to what was said, best first.

    Args:
        said: a label as somebody says it.
        labels: id and label.
    """
    found = (Likeness(part, label, likeness(said, label)) for part, label in labels)
    return tuple(sorted(found, key=lambda like: -like.score))


def same_part(said: str, labels: Iterable[tuple[str, str]]) -> tuple[Likeness, ...]:
    """Those that are meant: the best ones, where they fit well enough; several with the same words.

    A label that is said in part counts only where no other label holds that part as well.
    """
    order = ranked(said, labels)
    if not order or order[0].score < _PART:
        return ()
    best = [like for like in order if like.score >= order[0].score - 1e-9]
    if best[0].score < SURE and len({stems_of(like.label) for like in best}) > 1:
        return ()
    close = [like for like in order[len(best) :] if like.score > _PART and like.score > order[0].score - 0.04]
    if order[0].score < 0.95 and close and not set(stems_of(said)) >= set(stems_of(best[0].label)):
        return ()
    return tuple(best)

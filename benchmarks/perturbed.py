"""A retrieval set made harder: misspelt questions, or passages without titles."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from cml_mm.evaluation.passage_sets import PassageSet

SHORTEST = 5  # letters of a word that may be misspelt
SEED = 1


def with_typos(made: PassageSet, typos: int, seed: int = SEED) -> PassageSet:
    """The set with two neighbouring letters swapped, inside long words, so many times in every question."""
    chance = Random(seed)
    questions = [replace(one, question=misspell(one.question, typos, chance)) for one in made.questions]
    return replace(made, name=f"{made.name}, {typos} typos", questions=tuple(questions))


def misspell(question: str, typos: int, chance: Random) -> str:
    """Swaps two inner neighbours of a word, `typos` times; the first letter and the last stay.

    A question without a long word stays as it is; a word may be drawn more than once.
    """
    words = question.split()
    long = [place for place, word in enumerate(words) if len(word) >= SHORTEST]
    for _ in range(typos if long else 0):
        place = chance.choice(long)
        word = words[place]
        at = chance.randrange(1, len(word) - 2)
        words[place] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return " ".join(words)


def untitled(made: PassageSet) -> PassageSet:
    """The set with every title taken away."""
    passages = tuple(replace(one, title="") for one in made.passages)
    return replace(made, name=f"{made.name}, untitled", passages=passages)

"""What made-up lectures are about: `lecture_topics.txt`, read.

A topic begins with `# title`; `- ` is a line on its slide, `> ` a sentence that is said about it, worded in two ways on
both sides of ` | `, and `? ` a question that the sentence above it answers, in other words again.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

TOPICS = Path(__file__).with_name("lecture_topics.txt")


@dataclass(frozen=True)
class Said:
    """One sentence in its wordings, and the questions that it answers."""

    wordings: tuple[str, ...]
    questions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Topic:
    """One slide's worth: what stands on it and what can be said about it."""

    title: str
    bullets: tuple[str, ...]
    sentences: tuple[Said, ...]


@lru_cache(maxsize=1)
def topics() -> tuple[Topic, ...]:
    """All topics, as they stand in the file."""
    return read_topics(TOPICS.read_text(encoding="utf-8"))


def read_topics(text: str) -> tuple[Topic, ...]:
    """Topics from their text; lines that begin otherwise are of no meaning."""
    found: list[tuple[str, list[str], list[tuple[tuple[str, ...], list[str]]]]] = []
    for line in text.splitlines():
        sign, _, words = line.partition(" ")
        if sign == "#":
            found.append((words, [], []))
        elif sign == "-":
            found[-1][1].append(words)
        elif sign == ">":
            found[-1][2].append((tuple(wording.strip() for wording in words.split(" | ")), []))
        elif sign == "?":
            found[-1][2][-1][1].append(words)
    return tuple(
        Topic(title, tuple(bullets), tuple(Said(wordings, tuple(asked)) for wordings, asked in said))
        for title, bullets, said in found
    )


def drawn_topics(count: int, chance: random.Random) -> list[Topic]:
    """So many topics in an order by chance; all come once before any comes again, and none twice in a row."""
    drawn: list[Topic] = []
    while len(drawn) < count:
        more = chance.sample(topics(), len(topics()))
        drawn += more if drawn[-1:] != more[:1] else more[::-1]
    return drawn[:count]

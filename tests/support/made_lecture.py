"""Lectures made by chance, odd ones among them, for tests that hold whatever is said and shown."""

from __future__ import annotations

import random
from dataclasses import dataclass

from cml_mm.lectures.values import Cue, Slide, SlideLine, Speech, SpeechOrigin
from cml_mm.types import Box

TOPICS = (
    ("Bread oven", "flour dough oven crust yeast loaf baker rising kneading embers"),
    ("Ferry rota", "ferry river crossing pilot rope tide landing rota harbour deck"),
    ("Tool shed", "spanner hammer shed shelf borrow return drill bench keys repair"),
    ("Night watch", "lantern patrol street whistle corner dusk guard neighbour torch bell"),
    ("Mill pond", "sluice wheel pond water miller gate flow grain stone weir"),
)
_SMALL = "the a we of and to in it is they when this".split()


@dataclass(frozen=True)
class MadeLecture:
    seconds: float
    slides: tuple[Slide, ...]
    speech: Speech


def made_lecture(seed: int, origin: SpeechOrigin = "captions") -> MadeLecture:
    """A recording of up to twenty minutes.

    By turns without slides, without speech, with gaps between slides, with cues that overlap, are empty, hold half a
    sentence or two, run over changes of slide, or lie beyond the end.
    """
    rng = random.Random(seed)
    seconds = rng.choice((0.0, 7.5, 61.0, 240.0, 1200.0)) * rng.uniform(0.8, 1.2)
    slides = _slides(rng, seconds) if rng.random() < 0.7 else ()
    cues = _cues(rng, seconds) if rng.random() < 0.85 else ()
    return MadeLecture(seconds, slides, Speech(cues, origin if cues else "none", "en", "made.vtt"))


def sentence(rng: random.Random, topic: int, words: int = 9) -> str:
    held = TOPICS[topic][1].split()
    said = [rng.choice(held) if place % 2 else rng.choice(_SMALL) for place in range(words)]
    return " ".join(said).capitalize() + "."


def slide(number: int, start: float, end: float, title: str = "", *lines: str) -> Slide:
    texts = [title, *lines] if title else list(lines)
    placed = tuple(SlideLine(text, Box(80, 60 + 70 * at, 600, 40, 1280, 720), 0.9) for at, text in enumerate(texts))
    return Slide(number, start, end, max(start, end - 0.5), title, placed)


def _slides(rng: random.Random, seconds: float) -> tuple[Slide, ...]:
    found: list[Slide] = []
    at = rng.choice((0.0, 0.0, 3.0))
    while at < seconds and len(found) < 40:
        end = at + rng.choice((0.02, 4.0, 12.0, 45.0, 200.0)) * rng.uniform(0.5, 1.5)
        topic = rng.randrange(len(TOPICS))
        title = rng.choice((TOPICS[topic][0], TOPICS[topic][0] + " (continued)", ""))
        lines = [sentence(rng, topic, 4) for _ in range(rng.randrange(4))]
        found.append(slide(len(found) + 1, at, min(end, seconds + rng.choice((0.0, 2.0))), title, *lines))
        at = end + rng.choice((0.0, 0.0, 0.0, 6.0))
    return tuple(found)


def _cues(rng: random.Random, seconds: float) -> tuple[Cue, ...]:
    found: list[Cue] = []
    at = rng.uniform(0, 4)
    latest = seconds * rng.choice((0.5, 1.0, 1.0, 1.3)) + 1
    while at < latest:
        topic = int(at // 90) % len(TOPICS)
        text = rng.choice(("{0}", "{0}", "{0} {1}", "{2}", "{2}", "", "[bell]", "- {0}")).format(
            sentence(rng, topic), sentence(rng, topic), sentence(rng, topic).rstrip(".").replace(" ", "\n", 1)
        )
        lasts = rng.choice((0.0, 2.0, 4.0, 7.0, 30.0))
        found.append(Cue(at, at + lasts, text, rng.choice(("", "", "Ada", "Bo & <Co>")), rng.uniform(0.3, 1.0)))
        at += max(0.2, lasts + rng.choice((-1.5, 0.0, 0.1, 2.5, 50.0 if rng.random() < 0.2 else 0.0)))
    return tuple(found)

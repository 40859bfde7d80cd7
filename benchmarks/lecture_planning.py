"""When a made-up lecture shows and says what: everything is settled here, before a picture is drawn."""

from __future__ import annotations

import random
from dataclasses import dataclass

from benchmarks.lecture_styles import STYLES, Style
from benchmarks.lecture_words import Topic, drawn_topics
from cml_mm.lectures.values import Cue

SHORTEST_SLIDE_SECONDS = 8.0
_PER_SECOND = 1000  # times are whole milliseconds, as captions write them


@dataclass(frozen=True)
class Shown:
    """A slide in its time. `start_seconds` is when it first stands there whole, after `turn_seconds` of turning."""

    topic: Topic
    start_seconds: float
    end_seconds: float
    cues: tuple[Cue, ...]
    turn: str = "cut"
    turn_seconds: float = 0.0
    steps: tuple[float, ...] = ()  # when each line appears; none: all of them are there from the start
    camera: tuple[float, float] | None = None  # while the speaker fills the frame


@dataclass(frozen=True)
class Asked:
    """A question and the seconds within which its answer is said. `slide` counts from 1."""

    question: str
    start_seconds: float
    end_seconds: float
    slide: int


@dataclass(frozen=True)
class Plan:
    """A whole lecture. The same style and seed give the same plan."""

    style: Style
    seed: int
    seconds: float
    slides: tuple[Shown, ...]
    questions: tuple[Asked, ...]

    @property
    def name(self) -> str:
        return f"own_{self.style.name}_s{self.seed}"

    @property
    def cues(self) -> tuple[Cue, ...]:
        return tuple(cue for slide in self.slides for cue in slide.cues)

    @property
    def changes(self) -> tuple[float, ...]:
        return tuple(slide.start_seconds for slide in self.slides[1:])


def planned(style: str, seed: int, slides: int | None = None, shortest_seconds: float = SHORTEST_SLIDE_SECONDS) -> Plan:
    """The plan of one lecture.

    Args:
        style: a name in `STYLES`.
        seed: other seeds give other topics, words, times and looks.
        slides: how many, else as many as the style has.
        shortest_seconds: how long each is shown at least.

    Raises:
        KeyError: there is no such style.
    """
    kind = STYLES[style]
    chance = random.Random(f"lecture {style} {seed}")
    chosen = drawn_topics(slides or kind.slides, chance)
    return timed(chosen, kind, seed, chance, shortest_seconds)


def timed(
    chosen: list[Topic],
    style: Style,
    seed: int,
    chance: random.Random,
    shortest_seconds: float = SHORTEST_SLIDE_SECONDS,
) -> Plan:
    """Lay topics out in time, one slide each, in their order."""
    pace = chance.uniform(2.4, 3.2)  # words a second
    clock = 0.0
    shown: list[Shown] = []
    asked: list[Asked] = []
    for number, topic in enumerate(chosen, 1):
        cues, questions = _said(topic, clock + chance.uniform(0.6, 1.4), style, pace, number, chance)
        end = max(clock + shortest_seconds, cues[-1].end_seconds + chance.uniform(1.2, 3.2))
        slide = _shown(topic, clock, _exact(end), cues, style, number == 1, chance)
        shown.append(slide)
        asked += questions
        clock = slide.end_seconds
    return Plan(style, seed, clock, tuple(shown), tuple(asked))


def _said(
    topic: Topic, clock: float, style: Style, pace: float, number: int, chance: random.Random
) -> tuple[tuple[Cue, ...], list[Asked]]:
    """Some of a topic's sentences, in order, each in one of its wordings."""
    many = min(style.sentences, len(topic.sentences))
    chosen = sorted(chance.sample(range(len(topic.sentences)), many))
    cues, asked = [], []
    for place in chosen:
        sentence = topic.sentences[place]
        words = chance.choice(sentence.wordings)
        seconds = len(words.split()) / pace * chance.uniform(0.9, 1.1)
        cue = Cue(_exact(clock), _exact(clock + seconds), words)
        cues.append(cue)
        asked += [Asked(one, cue.start_seconds, cue.end_seconds, number) for one in sentence.questions]
        clock += seconds + chance.uniform(0.15, 0.9)
    return tuple(cues), asked


def _shown(
    topic: Topic, start: float, end: float, cues: tuple[Cue, ...], style: Style, first: bool, chance: random.Random
) -> Shown:
    turn = "cut" if first else chance.choice(style.turns)
    steps: tuple[float, ...] = ()
    if style.builds:
        apart = (end - start) * chance.uniform(0.6, 0.85) / len(topic.bullets)
        begun = start + chance.uniform(0.0, 0.5) * apart
        steps = tuple(_exact(begun + apart * (place + chance.uniform(0.0, 0.3))) for place in range(len(topic.bullets)))
    camera = None
    if style.camera and chance.random() < 0.5:
        begun = start + (end - start) * chance.uniform(0.35, 0.55)
        camera = (_exact(begun), end if chance.random() < 0.5 else _exact(begun + (end - start) * 0.25))
    seconds = 0.0 if turn == "cut" else round(chance.uniform(0.3, 0.8), 2)
    return Shown(topic, start, end, cues, turn, seconds, steps, camera)


def _exact(seconds: float) -> float:
    return round(seconds * _PER_SECOND) / _PER_SECOND

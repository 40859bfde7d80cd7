"""The frames of a planned lecture, one after the other."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image

from benchmarks.lecture_motion import Cursor, Frame, Noise, Talker, turned
from benchmarks.lecture_planning import Plan, Shown
from benchmarks.lecture_slides import FIGURES, Figure, SlideLook, look_of, slide_picture
from benchmarks.lecture_styles import HEIGHT_PX, WIDTH_PX


@dataclass(frozen=True)
class Stage:
    """Where the slide stands in the frame, and where somebody talks; places are left, top, width, height in pixels."""

    slide: tuple[int, int, int, int] = (0, 0, WIDTH_PX, HEIGHT_PX)
    talker: tuple[int, int, int, int] | None = None
    person: float = 0.5  # how far to the right in the talker's rectangle, 0 to 1


_WHOLE = (0, 0, WIDTH_PX, HEIGHT_PX)
_CORNER = Stage(talker=(WIDTH_PX - 300, HEIGHT_PX - 218, 280, 200))
_BESIDE = Stage(slide=(24, 108, 896, 504), talker=_WHOLE, person=0.86)  # the slide lies before the speaker's room


@dataclass(frozen=True)
class Looks:
    """All that is chosen by chance about a lecture's pictures."""

    look: SlideLook
    stage: Stage
    figures: tuple[Figure | None, ...]  # one for each slide


def looks_of(plan: Plan) -> Looks:
    """The looks of a lecture: the same for the same plan, on a machine with the same fonts."""
    chance = random.Random(f"looks {plan.name}")
    look = look_of(chance)
    stage = chance.choice((_CORNER, _BESIDE)) if plan.style.head else Stage()
    figures = tuple(
        chance.choice(FIGURES) if stage.talker is None and not plan.style.builds and chance.random() < 0.3 else None
        for _ in plan.slides
    )
    return Looks(look, stage, figures)


class Frames:
    """Draws a plan."""

    def __init__(self, plan: Plan, looks: Looks) -> None:
        self._plan, self._looks = plan, looks
        chance = random.Random(f"motion {plan.name}")
        style = plan.style
        self._cursor = Cursor(plan.seconds, chance) if style.cursor else None
        self._talker = Talker(looks.stage.talker, chance, looks.stage.person) if looks.stage.talker else None
        self._camera = Talker(_WHOLE, chance) if style.camera else None
        self._noise = Noise(style.noise, chance) if style.noise else None
        self._slide = lru_cache(maxsize=4)(self._picture)

    def __iter__(self) -> Iterator[tuple[Frame, bool]]:
        """Every frame, and whether it is the same as the one before."""
        before: tuple[object, ...] | None = None
        number = 0
        frame: Frame | None = None
        moves = self._cursor is not None or self._talker is not None or self._noise is not None
        while (seconds := number / float(self._plan.style.fps)) < self._plan.seconds:
            state = self._state(seconds)
            if frame is None or moves or state != before or state[0] in ("turn", "camera"):
                frame = self._drawn(state, seconds, number)
                yield frame, False
            else:
                yield frame, True
            before = state
            number += 1

    def _state(self, seconds: float) -> tuple[object, ...]:
        slides = self._plan.slides
        place = next(place for place, slide in enumerate(slides) if seconds < slide.end_seconds)
        now = slides[place]
        if now.camera and now.camera[0] <= seconds < now.camera[1]:
            return ("camera", place)
        if place + 1 < len(slides):
            coming = slides[place + 1]
            left = coming.start_seconds - seconds
            if left < coming.turn_seconds:
                done = 1 - left / coming.turn_seconds
                return ("turn", place, _lines_at(now, seconds), _lines_at(coming, coming.start_seconds), done)
        return ("slide", place, _lines_at(now, seconds))

    def _drawn(self, state: tuple[object, ...], seconds: float, number: int) -> Frame:
        talks = any(cue.start_seconds <= seconds < cue.end_seconds for cue in self._plan.cues)
        frame = np.empty((HEIGHT_PX, WIDTH_PX, 3), np.uint8)
        place = int(str(state[1]))
        if state[0] == "camera" and self._camera is not None:
            self._camera.drawn(frame, seconds, talks)
            return frame
        shown = self._slide(place, int(str(state[2])))
        if state[0] == "turn":
            coming = self._slide(place + 1, int(str(state[3])))
            shown = turned(shown, coming, self._plan.slides[place + 1].turn, float(str(state[4])))
        left, top, wide, high = self._looks.stage.slide
        is_small = (wide, high) != (WIDTH_PX, HEIGHT_PX)
        if is_small and self._talker is not None:
            self._talker.drawn(frame, seconds, talks)
        frame[top : top + high, left : left + wide] = shown
        if not is_small and self._talker is not None:
            self._talker.drawn(frame, seconds, talks)
        if self._cursor is not None:
            self._cursor.drawn(frame, seconds)
        if self._noise is not None:
            self._noise.drawn(frame, number)
        return frame

    def _picture(self, place: int, lines: int) -> Frame:
        page = (place + 1, len(self._plan.slides))
        topic, figure = self._plan.slides[place].topic, self._looks.figures[place]
        picture = slide_picture(topic, self._looks.look, lines, page, figure)
        return np.asarray(picture.resize(self._looks.stage.slide[2:], Image.Resampling.LANCZOS))


def _lines_at(slide: Shown, seconds: float) -> int:
    """How many of a slide's lines are there at a time."""
    return sum(step <= seconds for step in slide.steps) if slide.steps else len(slide.topic.bullets)

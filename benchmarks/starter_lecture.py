"""Draws the lecture that is shipped with the starter library.

python -m benchmarks.starter_lecture [OUT]

From `starter_lecture.txt`, without chance: the same pictures wherever the same libraries draw and code them. Nobody
speaks in it: a soft hum stands for the voice, and the words are in the captions beside the film.
"""

from __future__ import annotations

import random
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.diagram_lettering import fonts
from benchmarks.lecture_film import SAMPLES_A_SECOND, Coding, write_film
from benchmarks.lecture_frames import Frames, Looks, Stage
from benchmarks.lecture_planning import Plan, timed
from benchmarks.lecture_slides import THEMES, Figure, SlideLook
from benchmarks.lecture_styles import Style
from benchmarks.lecture_truth import written_vtt
from benchmarks.lecture_words import read_topics
from cml_mm.lectures.values import Cue
from cml_mm.settings import ROOT

STARTER_LECTURES = ROOT / "indexes" / "starter" / "lectures"
NAME = "tool-library"
LARGEST_BYTES = 1_500_000
LADDER = Figure(("Reminder", "Small fee", "Month's pause", "Talk about leaving"))
_WORDS = Path(__file__).with_name("starter_lecture.txt")
_LADDER_SLIDE = 4
_FONTS = ("DejaVuSans", "DejaVuSans-Bold")
_STYLE = Style("starter", turns=("fade",), crf=29, sentences=99, fps=Fraction(10))
_HUM_HERTZ, _LOUD = 130.0, 0.06


def starter_plan() -> Plan:
    """When it shows and says what."""
    topics = list(read_topics(_WORDS.read_text(encoding="utf-8")))
    return timed(topics, _STYLE, 1, random.Random("starter lecture"))


def starter_looks(plan: Plan) -> Looks:
    """Plain slides in the font that Matplotlib brings, so that they are alike on every machine."""
    plain, bold = (next(path for path in fonts() if path.endswith(f"/{name}.ttf")) for name in _FONTS)
    look = SlideLook(THEMES[0], plain, bold, "top", "•", 42, 32, 74, True)
    figures = tuple(LADDER if place == _LADDER_SLIDE else None for place in range(1, len(plan.slides) + 1))
    return Looks(look, Stage(), figures)


def hum(cues: tuple[Cue, ...], seconds: float) -> NDArray[np.float32]:
    """A soft tone while something is said; silence elsewhere. `SAMPLES_A_SECOND` samples for each second."""
    clock = np.arange(int(seconds * SAMPLES_A_SECOND), dtype=np.float32) / SAMPLES_A_SECOND
    loud = np.zeros(len(clock), np.float32)
    for cue in cues:
        said = (clock >= cue.start_seconds) & (clock < cue.end_seconds)
        rest = np.minimum(clock[said] - cue.start_seconds, cue.end_seconds - clock[said])
        loud[said] = _LOUD * np.clip(rest / 0.15, 0, 1) * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * clock[said]))
    return (loud * np.sin(2 * np.pi * _HUM_HERTZ * clock)).astype(np.float32)


def main() -> int:
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else STARTER_LECTURES
    out.mkdir(parents=True, exist_ok=True)
    plan = starter_plan()
    film = out / f"{NAME}.mp4"
    coding = Coding(_STYLE.fps, _STYLE.crf, preset="medium", audio_kbits=16, gop_seconds=10)
    write_film(film, Frames(plan, starter_looks(plan)), hum(plan.cues, plan.seconds), coding)
    film.with_suffix(".vtt").write_text(written_vtt(plan.cues), encoding="utf-8")
    size = film.stat().st_size
    print(f"{film.name}: {plan.seconds:.0f} s, {size} bytes{'  TOO LARGE' if size > LARGEST_BYTES else ''}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

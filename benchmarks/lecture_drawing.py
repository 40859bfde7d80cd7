"""Draws made-up lectures whose slides and words are known, and writes them with their truth.

python -m benchmarks.lecture_drawing OUT [--seed 1] [--style STYLE …] [--slides N]

For each lecture OUT/NAME.mp4 (1280 × 720, H.264 and AAC) there are NAME.json (duration, changes, slides with start,
end, speech, title, lines and spoken; cues; questions with the seconds of their answer), NAME.srt and NAME.vtt.
The truth's `start` of a slide is when it first stands whole; where lines come one by one, with none or some of them.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from benchmarks.lecture_film import Coding, babble, write_film
from benchmarks.lecture_frames import Frames, looks_of
from benchmarks.lecture_planning import Plan, planned
from benchmarks.lecture_styles import HEIGHT_PX, STYLES, WIDTH_PX
from benchmarks.lecture_truth import truth_json, written_srt, written_vtt


def write_lecture(plan: Plan, out: Path) -> Path:
    """Draw a lecture and write its four files into a folder.

    Returns:
        The film's path.
    """
    out.mkdir(parents=True, exist_ok=True)
    looks, style = looks_of(plan), plan.style
    figures = tuple(figure.labels if figure else () for figure in looks.figures)
    truth = truth_json(plan, (WIDTH_PX, HEIGHT_PX), figures)
    film = out / f"{plan.name}.mp4"
    sound = babble(plan.cues, plan.seconds, plan.seed)
    write_film(film, Frames(plan, looks), sound, Coding(style.fps, style.crf, style.most_kbits))
    film.with_suffix(".srt").write_text(written_srt(plan.cues), encoding="utf-8")
    film.with_suffix(".vtt").write_text(written_vtt(plan.cues), encoding="utf-8")
    film.with_suffix(".json").write_text(json.dumps(truth, indent=1, ensure_ascii=False), encoding="utf-8")
    return film


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lecture_drawing", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1, help="other seeds give other lectures")
    parser.add_argument("--style", nargs="+", choices=sorted(STYLES), help="only these")
    parser.add_argument("--slides", type=int, help="so many in each, else as many as the style has")
    options = parser.parse_args()
    for style in options.style or STYLES:
        began = time.process_time()
        plan = planned(style, options.seed, options.slides)
        film = write_lecture(plan, options.out)
        cost = time.process_time() - began
        print(f"{film}: {plan.seconds:.0f} s, {film.stat().st_size / 1e6:.2f} MB, {cost:.0f} CPU-s to draw", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Lectures read back: changes of slide, words on slides and times of captions by style, and what it costs.

python -m benchmarks lectures                                   all of it: ../shared, then five seeds of each style
python -m benchmarks.lectures [--styles fade …] [--seeds 11 …]   a part; --keep FOLDER keeps the films for another run
python -m benchmarks.lectures --hours 2                         memory for one long film, and nothing else

A change is right within one second, each matched once; a line is right to the letter, its bullet aside. CPU-s are
told for a minute of film; "film alone" is without reading words, from the first lecture of each style.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from benchmarks.diagram_scoring import Tally
from benchmarks.lecture_scoring import LectureScore, cue_tally, scored
from benchmarks.lecture_sets import checks_lectures, drawn_apart, made_lectures
from benchmarks.lecture_styles import STYLES
from benchmarks.lecture_truth import TrueLecture, read_truth
from cml_mm.errors import CmlError
from cml_mm.media.captions.reading import read_captions
from cml_mm.media.film.slides import read_slides
from cml_mm.media.signatures import recording_sign
from cml_mm.models.rapid_ocr import RapidOcr
from cml_mm.ports import Ocr
from cml_mm.visits import DEFAULT_LIMITS

SEEDS = (11, 12, 13, 14, 15)  # never looked at while the reader was made
LEAST = {"talking": 0.92, "mixed": 0.88, "build": 0.88}  # F1 of changes on ../shared; all others as static
LEAST_ELSE, LEAST_LINES = 0.98, 0.97
FORGIVEN = 0.03  # by how much ours may be below
A_MINUTE, A_SLIDE, MOST_BYTES = 1.5, 1.0, 1.5e9  # CPU seconds at most, and memory
T = TypeVar("T")
WORST = 12  # lectures to name
_LIMITS = replace(DEFAULT_LIMITS, cpu_seconds=float("inf"))
_COLUMNS = (
    *("films", "minutes", "slides", "changes F1", "asked", "lines", "titles", "cues"),
    *("CPU-s a minute, all", "film alone", "words", "of what is allowed"),
)


@dataclass(frozen=True)
class Outcome:
    """How one lecture was read; `fault` is the sentence with which it was refused."""

    truth: TrueLecture
    score: LectureScore
    cues: Tally
    cpu_seconds: float
    film_seconds: float | None  # CPU without words, where that was measured
    fault: str = ""

    @property
    def minutes(self) -> float:
        return self.truth.seconds / 60

    @property
    def allowed_seconds(self) -> float:
        return A_MINUTE * self.minutes + A_SLIDE * len(self.truth.slides)


def main(library: Path, index: Path) -> None:
    """Everything; library and index are not needed."""
    measure(list(STYLES), SEEDS, None)


def measure(styles: Sequence[str], seeds: Sequence[int], keep: Path | None, with_shared: bool = True) -> None:
    """Print all tables.

    Args:
        styles: of our own lectures.
        seeds: of each style.
        keep: where films are kept, or lie from another run; else they are drawn anew.
        with_shared: those of ../shared too.
    """
    ocr = RapidOcr()
    before = _peak_bytes()
    shared = _all_read(checks_lectures(), ocr) if with_shared else []
    if shared:
        _report("../shared", shared, 0.0)
    elif with_shared:
        print("../shared is missing: only lectures of our own are measured.")
    with tempfile.TemporaryDirectory() as scratch:
        own = _all_read(made_lectures(keep or Path(scratch), styles, seeds), ocr)
    if own:
        _report(f"our own, seeds {', '.join(map(str, seeds))}", own, FORGIVEN)
    _report_memory(before)


def measure_memory(hours: float) -> None:
    """Read one film of so many hours, its words too, and tell the memory; a process of its own draws it first."""
    slides = max(2, round(hours * 20))
    with tempfile.TemporaryDirectory() as scratch:
        film = drawn_apart("fade", 1, Path(scratch), slides, 3600 * hours / slides)
        ocr = RapidOcr()
        before = _peak_bytes()
        outcome = _read(film, read_truth(film.with_suffix(".json")), ocr, False)
    _report(f"{hours:g} hours", [outcome], FORGIVEN)
    _report_memory(before)


def _all_read(lectures: Iterable[tuple[Path, TrueLecture]], ocr: Ocr) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for film, truth in lectures:
        is_first = all(one.truth.style != truth.style for one in outcomes)
        outcomes.append(_read(film, truth, ocr, is_first))
    return outcomes


def _read(film: Path, truth: TrueLecture, ocr: Ocr, without_words: bool) -> Outcome:
    data = film.read_bytes()
    reader = recording_sign(data) or ""
    film_seconds = None
    try:
        if without_words:
            film_seconds, _ = _timed(lambda: read_slides(data, reader, film.name, None, _LIMITS, lambda *_: None))
        cost, filmed = _timed(lambda: read_slides(data, reader, film.name, ocr, _LIMITS, lambda *_: None))
        captions = [film.with_suffix(ending) for ending in (".srt", ".vtt")]
        speeches = [read_captions(one.read_bytes(), one.name, _LIMITS) for one in captions]
    except CmlError as exc:
        return Outcome(truth, scored(truth, ()), cue_tally(truth.cues, ()), 0.0, None, str(exc))
    cues = sum((cue_tally(truth.cues, speech.cues) for speech in speeches), Tally())
    return Outcome(truth, scored(truth, filmed.slides), cues, cost, film_seconds)


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    began = time.process_time()
    done = work()
    return time.process_time() - began, done


def _report(name: str, outcomes: Sequence[Outcome], forgiven: float) -> None:
    """A table by style, and whether each keeps what is asked of it."""
    print(f"\n### {name}\n\n| style | {' | '.join(_COLUMNS)} |\n|---|{'--:|' * len(_COLUMNS)}", flush=True)
    styles = list(dict.fromkeys(one.truth.style for one in outcomes))
    for style in styles:
        print(_row(style, [one for one in outcomes if one.truth.style == style], forgiven))
    for one in outcomes:
        if one.fault:
            print(f"refused: {one.truth.name}: {one.fault}")
    print()
    for style in styles:
        score = _sum(one for one in outcomes if one.truth.style == style)
        least = _least(style, forgiven)
        if least is not None:
            print(
                f"changes, {style} {score.changes.f1:.3f}:", _kept(score.changes.f1 >= least, f"at least {least:.2f}")
            )
    asked = [one for one in outcomes if _least(one.truth.style, forgiven) is not None]
    lines, least = _sum(asked).lines.recall, LEAST_LINES - forgiven
    print(f"lines {lines:.3f}:", _kept(lines >= least, f"at least {least:.2f}"))
    cues = sum((one.cues for one in outcomes), Tally())
    print(f"times of captions {cues.f1:.3f}:", _kept(cues.f1 == 1.0, "every one exact"))
    cost, allowed = (sum(getattr(one, key) for one in outcomes) for key in ("cpu_seconds", "allowed_seconds"))
    told = f"{A_MINUTE:g} CPU-s a minute and {A_SLIDE:g} a slide"
    print(f"cost {cost:.0f} CPU-s of {allowed:.0f} allowed:", _kept(cost <= allowed, told))
    worst = sorted(outcomes, key=lambda one: (one.score.changes.f1, one.score.lines.recall))[:WORST]
    print("worst:", ", ".join(map(_said, (one for one in worst if not _is_perfect(one)))) or "none", flush=True)


def _row(style: str, outcomes: Sequence[Outcome], forgiven: float) -> str:
    score = _sum(outcomes)
    minutes = sum(one.minutes for one in outcomes)
    slides = sum(len(one.truth.slides) for one in outcomes)
    cost = sum(one.cpu_seconds for one in outcomes)
    bare = [one for one in outcomes if one.film_seconds is not None]
    bare_minutes = sum(one.minutes for one in bare)
    film = sum(one.film_seconds or 0.0 for one in bare) / bare_minutes if bare else None
    words = "–" if film is None else f"{max(cost - film * minutes, 0.0) / slides:.2f} a slide"
    least = _least(style, forgiven)
    cues = sum((one.cues for one in outcomes), Tally())
    cells = (
        *(style, str(len(outcomes)), f"{minutes:.1f}", str(slides), f"{score.changes.f1:.3f}"),
        *("not required" if least is None else f"≥ {least:.2f}", f"{score.lines.recall:.3f}"),
        *(f"{score.titles.recall:.3f}", f"{cues.f1:.3f}", f"{cost / minutes:.2f}"),
        *("–" if film is None else f"{film:.2f}", words),
        f"{cost / sum(one.allowed_seconds for one in outcomes):.0%}",
    )
    return f"| {' | '.join(cells)} |"


def _report_memory(before: float) -> None:
    peak = _peak_bytes()
    print(f"\nmemory: {peak / 1e9:.2f} GB at most, {before / 1e9:.2f} GB before the first film", end="; ")
    print(_kept(peak <= MOST_BYTES, f"at most {MOST_BYTES / 1e9:.1f} GB"))


def _least(style: str, forgiven: float) -> float | None:
    """The F1 that is asked for; None where none is."""
    if style in STYLES and not STYLES[style].asked:
        return None
    return LEAST.get(style, LEAST_ELSE) - forgiven


def _sum(outcomes: Iterable[Outcome]) -> LectureScore:
    return sum((one.score for one in outcomes), LectureScore())


def _is_perfect(one: Outcome) -> bool:
    return one.score.changes.f1 == one.score.lines.recall == 1.0


def _said(one: Outcome) -> str:
    changes, lines = one.score.changes, one.score.lines
    told = f"changes {changes.f1:.2f}: {changes.hits} of {changes.known}, {changes.read} read"
    return f"{one.truth.name} ({told}; lines {lines.recall:.2f})"


def _kept(kept: bool, limit: str) -> str:
    return f"{limit} is {'kept' if kept else 'NOT KEPT'}"


def _peak_bytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0  # Linux counts in KiB


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lectures", description=__doc__)
    parser.add_argument("--styles", nargs="*", default=list(STYLES), choices=list(STYLES), metavar="STYLE")
    parser.add_argument("--seeds", nargs="+", type=int, default=SEEDS, metavar="SEED")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where our films are kept, or lie already")
    parser.add_argument("--own", action="store_true", help="without those of ../shared")
    parser.add_argument("--hours", type=float, help="only the memory for one film of that length")
    options = parser.parse_args()
    if options.hours:
        measure_memory(options.hours)
    else:
        measure(options.styles, options.seeds, options.keep, not options.own)

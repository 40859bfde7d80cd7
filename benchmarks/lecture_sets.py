"""Lectures to measure a reader on: those beside the repository, and some of our own, drawn by a seed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from benchmarks.lecture_drawing import write_lecture
from benchmarks.lecture_planning import SHORTEST_SLIDE_SECONDS, Asked, planned
from benchmarks.lecture_truth import TrueLecture, read_truth
from cml_mm.settings import ROOT

LECTURES = ROOT.parent / "shared" / "checks" / "lectures"
QUESTIONS = Path(__file__).with_name("lecture_questions.jsonl")


def checks_lectures() -> Iterator[tuple[Path, TrueLecture]]:
    """The films of ../shared with their truth; none where it is missing."""
    for film in sorted(LECTURES.glob("*.mp4")):
        yield film, read_truth(film.with_suffix(".json"))


def made_lectures(folder: Path, styles: Sequence[str], seeds: Sequence[int]) -> Iterator[tuple[Path, TrueLecture]]:
    """Lectures of our own, drawn when their turn comes; those that lie in the folder already are taken as they are.

    They are drawn in a process of their own, so that a reader's memory can be told.
    """
    for style in styles:
        for seed in seeds:
            film = folder / f"{planned(style, seed).name}.mp4"
            if not film.with_suffix(".json").exists():  # written last
                film = drawn_apart(style, seed, folder)
            yield film, read_truth(film.with_suffix(".json"))


def drawn_apart(
    style: str, seed: int, folder: Path, slides: int | None = None, shortest_seconds: float = SHORTEST_SLIDE_SECONDS
) -> Path:
    """Draw a lecture in a process of its own, as `planned` and `write_lecture` do it here."""
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        return apart.submit(_drawn, style, seed, folder, slides, shortest_seconds).result()


def questions_to(truth: TrueLecture) -> tuple[Asked, ...]:
    """Where something is said: questions in other words than the lecture's, with the seconds of their answers.

    Ours know them; to those of ../shared the questions are in `lecture_questions.jsonl`, by lecture and slide.
    """
    own = truth.questions
    if own:
        return own
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    told = [one for one in map(json.loads, lines) if one["lecture"] == truth.name]
    return tuple(Asked(one["question"], *truth.slides[one["slide"] - 1].speech, one["slide"]) for one in told)


def _drawn(style: str, seed: int, folder: Path, slides: int | None, shortest_seconds: float) -> Path:
    return write_lecture(planned(style, seed, slides, shortest_seconds), folder)

"""Fits the model that decides when to say "not in the library", and shows how well it does.

Fitted on development questions only: patterns_dev over the full library, the starter
library's dev split, and the dev half of `abstention_questions.jsonl`, our own questions
(held by both libraries, by the full one only, or by none). The held-out half is only
counted. Writes `cml_mm/answering/abstention.json`.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.libraries import EVALUATION, STARTER, open_or_build
from cml_mm.answering.abstain import CALIBRATION, Calibration
from cml_mm.answering.language import foreign_language
from cml_mm.answering.signs import SIGN_NAMES, Signs, read_signs
from cml_mm.evaluation.questions import read_questions
from cml_mm.graph.snapshot import open_snapshot
from cml_mm.profiles import parts_of
from cml_mm.retrieval.ranking import Ranker
from cml_mm.settings import Settings

OWN = Path(__file__).with_name("abstention_questions.jsonl")
PATTERNS_DEV = EVALUATION / "patterns_dev.jsonl"
FOLDS = 5
RIDGE = 1.0
MOST_WRONG = 0.04  # share of answerable questions that may be refused, in each set; by cross-validation
SURE_OF = 0.94  # share of unanswerable questions that must lie below "sure"

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Asked:
    """A question with its truth, over one library."""

    library: str
    source: str
    held_out: bool
    question: str
    answerable: bool
    signs: Signs


def main(library: Path, index: Path) -> None:
    """Args: library, index: of the full library; the starter library is indexed beside it."""
    with tempfile.TemporaryDirectory() as scratch:
        asked = list(_read("starter", STARTER, Path(scratch) / "index"))
    if library.resolve() != STARTER.resolve():
        asked += _read("full", library, index)
    dev = [item for item in asked if not item.held_out]
    unseen = _cross_validated(dev)
    weights = _fitted(dev)
    least, sure = _operating_points(dev, unseen)
    fitted = Calibration(tuple(weights[:-1].tolist()), float(weights[-1]), least, sure)
    _print_table("cross-validated", dev, unseen, fitted)
    held = [item for item in asked if item.held_out]
    _print_table("held out", held, _scores(held, weights), fitted)
    _print_curve(dev, unseen)
    if library.resolve() != STARTER.resolve():
        _write(fitted)


def _read(name: str, library: Path, index: Path) -> Iterator[Asked]:
    """Every question of one library that the model is asked about: those in English."""
    settings = replace(Settings.load(), index=index, libraries=(library,))
    open_or_build(settings).close()
    encoder = parts_of(settings).text_encoder()
    snapshot = open_snapshot(index, encoder.name, encoder.dimension, settings.graph_buffer_bytes)
    ranker = Ranker(snapshot, encoder)
    for source, held_out, question, answerable in _questions(name):
        if foreign_language(question) is None:
            signs = read_signs(ranker.rank(question), snapshot.bm25)
            yield Asked(name, source, held_out, question, answerable, signs)
    snapshot.close()


def _questions(library: str) -> Iterator[tuple[str, bool, str, bool]]:
    for line in OWN.read_text("utf-8").splitlines():
        row = json.loads(line)
        if library in row["held_by"] or library in row["missing_from"]:
            yield "own", row["split"] != "dev", row["question"], library in row["held_by"]
    path = STARTER / "questions.jsonl" if library == "starter" else PATTERNS_DEV
    for question in read_questions(path, "dev" if library == "starter" else "all"):
        yield path.stem, False, question.question, question.answerable


def _matrix(asked: Sequence[Asked]) -> Floats:
    return np.array([(*item.signs.values(), 1.0) for item in asked], dtype=np.float64)


def _truth(asked: Sequence[Asked]) -> Floats:
    return np.array([item.answerable for item in asked], dtype=np.float64)


def _fitted(asked: Sequence[Asked]) -> Floats:
    """Weights and, last, the constant: ridge logistic regression by Newton's steps (Hastie et al. 2009, 4.4.1).

    Each library's answerable and unanswerable questions weigh the same together.
    """
    values, truth = _matrix(asked), _truth(asked)
    groups = [(item.library, item.answerable) for item in asked]
    share = np.array([len(asked) / groups.count(group) / len(set(groups)) for group in groups])
    ridge = np.diag([RIDGE] * len(SIGN_NAMES) + [1e-6])
    weights = np.zeros(values.shape[1])
    for _ in range(50):
        likely = 1 / (1 + np.exp(-values @ weights))
        slope = values.T @ (share * (likely - truth)) + ridge @ weights
        bend = (values * (share * likely * (1 - likely))[:, None]).T @ values + ridge
        step = np.linalg.solve(bend, slope)
        weights -= step
        if float(np.abs(step).max()) < 1e-9:
            break
    return weights


def _scores(asked: Sequence[Asked], weights: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-_matrix(asked) @ weights)), dtype=np.float64)


def _cross_validated(asked: Sequence[Asked]) -> Floats:
    """The confidence in each question by a model that has not seen it, in either library."""
    questions = sorted({item.question for item in asked})
    parts = np.random.default_rng(7).permutation(len(questions)) % FOLDS
    part_of = dict(zip(questions, parts.tolist(), strict=True))
    part = np.array([part_of[item.question] for item in asked])
    scores = np.zeros(len(asked))
    for number in range(FOLDS):
        left = [item for item in asked if part_of[item.question] == number]
        weights = _fitted([item for item in asked if part_of[item.question] != number])
        scores[part == number] = _scores(left, weights)
    return scores


def _operating_points(asked: Sequence[Asked], scores: Floats) -> tuple[float, float]:
    """The highest threshold that wrongly refuses few questions of every set, and that of speaking plainly."""
    sets = {(item.library, item.source) for item in asked}

    def wrong(least: float) -> float:
        shares: list[float] = []
        for place in sets:
            right = [s for item, s in zip(asked, scores, strict=True) if _is(item, place) and item.answerable]
            shares.append(float(np.mean([score < least for score in right])))
        return max(shares)

    grid = [step / 100 for step in range(5, 41)]
    least = max((value for value in grid if wrong(value) <= MOST_WRONG), default=grid[0])
    empty = sorted(score for item, score in zip(asked, scores, strict=True) if not item.answerable)
    sure = empty[int(SURE_OF * len(empty))]
    return least, round(max(least, float(sure)), 2)


def _is(item: Asked, place: tuple[str, str]) -> bool:
    return (item.library, item.source) == place


def _print_table(heading: str, asked: Sequence[Asked], scores: Floats, fitted: Calibration) -> None:
    print(f"{heading}: refused below {fitted.least:.2f}, unsure below {fitted.sure:.2f}")
    for place in sorted({(item.library, item.source) for item in asked}):
        rows = [(item.answerable, s) for item, s in zip(asked, scores, strict=True) if _is(item, place)]
        right, empty = [s for yes, s in rows if yes], [s for yes, s in rows if not yes]
        refused: Callable[[list[float]], int] = lambda found: sum(s < fitted.least for s in found)  # noqa: E731
        print(
            f"  {' '.join(place):28} rightly {refused(empty)}/{len(empty)}, wrongly {refused(right)}/{len(right)},"
            f" unsure though answerable {sum(s < fitted.sure for s in right)}/{len(right)}"
        )


def _print_curve(asked: Sequence[Asked], scores: Floats) -> None:
    print("threshold: rightly, wrongly refused (cross-validated, all sets)")
    truth = _truth(asked) > 0
    for least in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        below = scores < least
        print(f"  {least:.1f}: {below[~truth].mean():.2f} {below[truth].mean():.2f}")


def _write(fitted: Calibration) -> None:
    row = {
        "made_by": "python -m benchmarks calibrate",
        "weights": {name: round(w, 3) for name, w in zip(SIGN_NAMES, fitted.weights, strict=True)},
        "constant": round(fitted.constant, 3),
        "least": fitted.least,
        "sure": fitted.sure,
    }
    CALIBRATION.write_text(json.dumps(row, indent=2) + "\n", "utf-8")
    print(f"written: {CALIBRATION.name}")

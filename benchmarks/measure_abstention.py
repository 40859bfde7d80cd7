"""Refusing: the curve of right against wrong refusals as the threshold moves, and what the engine does.

python -m benchmarks abstention

On the development questions over the full library and on the starter library's; the held-out
split is for reports, not for tuning (`cml eval --split held-out`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.libraries import development_questions, open_or_build, question_files
from cml_mm.evaluation.outcomes import Outcome, ask_all
from cml_mm.evaluation.refusals import best_points, refusal_curve
from cml_mm.settings import Settings


def main(library: Path, index: Path) -> None:
    settings = Settings.load()
    with tempfile.TemporaryDirectory() as scratch:
        for asked in question_files(library, index, Path(scratch)):
            with open_or_build(replace(settings, index=asked.index, libraries=(asked.library,))) as engine:
                print(f"\n{abstention_markdown(asked.name, ask_all(engine, development_questions(asked.file, False)))}")


def abstention_markdown(name: str, outcomes: Sequence[Outcome]) -> str:
    """The operating point and the best points of the curve, then the questions nearest to the border."""
    curve = refusal_curve(outcomes)
    if curve is None:
        return f"{name}: no unanswerable question, or no other."
    done = curve.operating
    lines = [
        f"{name}: refused {done.rightly * curve.unanswerable:.0f} of {curve.unanswerable} without an answer,"
        f" wrongly {done.wrongly * curve.answerable:.0f} of {curve.answerable}; area {curve.area:.3f}.",
        "",
        "| threshold | rightly refused | wrongly refused |",
        "|---|---|---|",
    ]
    for point in best_points(curve):
        lines.append(f"| {point.threshold:.3f} | {point.rightly:.2f} | {point.wrongly:.2f} |")
    lines += ["", "Wrong, with their confidence:"]
    for outcome in outcomes:
        if outcome.refused == outcome.question.answerable:
            sure = outcome.answer.confidence if outcome.answer else 0.0
            lines.append(f"- {'refused' if outcome.refused else 'answered'} {outcome.question.id}: {sure:.3f}")
    return "\n".join(lines)

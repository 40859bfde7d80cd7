"""`cml eval`: how well the open index answers a set of questions."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from cml_mm.cli.progress import ProgressLine
from cml_mm.cli.rows import open_for_writing
from cml_mm.engine import Engine
from cml_mm.errors import InputError, StoreFull
from cml_mm.evaluation.outcomes import ask_all
from cml_mm.evaluation.questions import Question, read_questions
from cml_mm.evaluation.report import report_json, report_markdown, report_text
from cml_mm.evaluation.scores import score
from cml_mm.settings import ROOT, Settings

STARTER_QUESTIONS = ROOT / "indexes" / "starter" / "questions.jsonl"


def evaluate(options: argparse.Namespace, settings: Settings) -> int:
    path = options.questions or STARTER_QUESTIONS
    if options.questions is None and not path.is_file():
        raise InputError("The starter library's questions are not here.", "Give a file of your own: --questions FILE.")
    questions = read_questions(path, options.split)
    line = ProgressLine(sys.stderr)
    with Engine.open(settings) as engine:
        _check_index(engine, questions, given=options.questions is not None)
        outcomes = ask_all(engine, questions, lambda done, of: line("Questions", done, of))
        index = engine.status().fingerprint[:12]
    scores = score(outcomes)
    title = f"{path.name}, split {options.split}, index {index}: questions asked: {len(questions)}"
    if options.out:
        _write(options.out, report_markdown(scores, title))
    if options.json:
        print(json.dumps(report_json(scores, title), ensure_ascii=False, indent=1))
    else:
        print(report_text(scores, title))
    return 0


def _check_index(engine: Engine, questions: Sequence[Question], given: bool) -> None:
    """Figures over an index that does not hold the right pages would mean nothing.

    Raises: InputError.
    """
    held = {card.slug for card in engine.cards()}
    wanted = {slug for question in questions for slug in question.gold}
    missing = sorted(wanted - held)
    if not missing:
        return
    if not given:
        raise InputError(
            "This index is not the starter library's, and the questions at hand are.",
            "Give questions of its own: --questions FILE.",
        )
    raise InputError(
        f"This index lacks {len(missing):,} of {len(wanted):,} pages that the questions name, such as {missing[0]!r}.",
        "Give the index that they were written for with --index, or other questions.",
    )


def _write(path: Path, text: str) -> None:
    with open_for_writing(path) as out:
        try:
            out.write(text)
        except OSError as exc:
            raise StoreFull(f"{path} cannot be written ({exc.strerror}).", "Free some room and run it again.") from exc

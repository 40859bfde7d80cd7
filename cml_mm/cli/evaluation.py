"""`cml eval`: how well the open index answers a set of questions, and how well sets of passages are ranked."""

from __future__ import annotations

import argparse
import dataclasses
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from cml_mm.cli.progress import ProgressLine
from cml_mm.cli.rows import open_for_writing
from cml_mm.engine import Engine
from cml_mm.errors import InputError, StoreFull
from cml_mm.evaluation.passage_sets import read_passage_set
from cml_mm.evaluation.personas import personas_of
from cml_mm.evaluation.plots import plot_kinds, plot_refusals, plot_stages
from cml_mm.evaluation.questions import Question, read_questions
from cml_mm.evaluation.report import Plot, report_json, report_markdown, report_text
from cml_mm.evaluation.run import Evaluation, run_evaluation, run_set
from cml_mm.profiles import parts_of
from cml_mm.settings import ROOT, Settings

STARTER_QUESTIONS = ROOT / "indexes" / "starter" / "questions.jsonl"


def evaluate(options: argparse.Namespace, settings: Settings) -> int:
    if options.profile:
        settings = dataclasses.replace(settings, profile=options.profile)
    path = options.questions or STARTER_QUESTIONS
    if options.questions is None and not path.is_file():
        raise InputError("The starter library's questions are not here.", "Give a file of your own: --questions FILE.")
    questions = read_questions(path, options.split)
    sets = [read_passage_set(folder) for folder in options.multihop]
    if options.out:
        open_for_writing(options.out).close()  # said now, not when all is done
    line = ProgressLine(sys.stderr)
    with Engine.open(settings) as engine:
        _check_index(engine, questions, given=options.questions is not None)
        personas = personas_of(engine.lens_choices(), questions)
        run = run_evaluation(engine, questions, personas, engine.rank, line)
        index = engine.status().fingerprint[:12]
    if sets:
        encoder = parts_of(settings).text_encoder()
        run = dataclasses.replace(run, sets=tuple(run_set(made, encoder, line) for made in sets))
    title = f"{path.name}, split {options.split}, index {index}: questions asked: {len(questions)}"
    if options.out:
        _write(options.out, report_markdown(run, title, _plot(run, options.out)))
    if options.json:
        print(json.dumps(report_json(run, title), ensure_ascii=False, indent=1))
    else:
        print(report_text(run, title))
    return 0


def _plot(run: Evaluation, report: Path) -> list[Plot]:
    """Draws what there is to draw beside the report; every file begins with the report's name."""
    plots = []

    def beside(name: str) -> Path:
        return report.with_name(f"{report.stem}-{re.sub(r'[^A-Za-z0-9]+', '-', name).strip('-')}.svg")

    def note(section: str, file: Path, words: str) -> None:
        plots.append(Plot(section, file.name.replace(" ", "%20"), words))

    if run.scores.kinds:
        plot_kinds(run.scores.kinds, beside("kinds"))
        note("kinds", beside("kinds"), "Right pages in the first five, by kind of question")
    if run.refusals:
        plot_refusals(run.refusals, beside("refusals"))
        note("refusals", beside("refusals"), "Rightly against wrongly refused questions")
    if run.stages:
        plot_stages(run.stages, "hit@5", lambda scores: scores.hit5, beside("stages"))
        note("stages", beside("stages"), "What hit@5 loses without each stage")
    for number, ablation in enumerate(run.sets, start=1):
        file = beside(f"set {number} {ablation.name}")
        plot_stages(ablation, "R@5", lambda scores: scores.recall5, file)
        note(ablation.name, file, "What R@5 loses without each stage")
    return plots


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

"""An evaluation as text for a terminal, as JSON values and as Markdown. Plain search stands beside each figure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from cml_mm.evaluation.ablation import Ablation, LeftOut
from cml_mm.evaluation.personas import PersonaDifference
from cml_mm.evaluation.rank_scores import RankScores
from cml_mm.evaluation.refusals import CurvePoint, RefusalCurve, best_points
from cml_mm.evaluation.run import Evaluation
from cml_mm.evaluation.scores import Failure, KindScores, Scores, Tally

HEADS = ("kind", "n", "hit@5", "lenient", "R@10", "MRR", "lenient MRR", "facts")
LEGEND = "Each cell: the answer's pages / plain search for the same words. hit@5 and MRR are strict but where they say."
STAGE_HEADS = ("left out", "R@5", "R@10", "nDCG@10", "hit@5")
STAGES_LEGEND = (
    "In percent; beside it the difference to all stages, in points. hit@5 counts every right page, the others the gold."
)
SET_HEADS = ("set", "questions", "R@2", "R@5", "whole gold in 5", "nDCG@10")


@dataclasses.dataclass(frozen=True)
class Plot:
    """A picture beside the report: `file` is its name, `words` say what it shows."""

    section: str  # "kinds" | "refusals" | "stages", or a set's name
    file: str
    words: str


def report_text(run: Evaluation, title: str) -> str:
    """A table, the other figures, and every question that went wrong."""
    scores = run.scores
    parts = [title, "", *_aligned([HEADS, *(_cells(kind) for kind in scores.kinds)]), LEGEND, "", *_figures(run), ""]
    for ablation in _ablations(run):
        parts += [f"Stages left out, {ablation.name}:", *_aligned([STAGE_HEADS, *_stage_rows(ablation)]), ""]
    if run.sets:
        parts += [*_aligned([SET_HEADS, *(_set_row(one) for one in run.sets)]), ""]
    parts += [f"{_count(scores)} went wrong:"] if scores.failures else ["Nothing went wrong."]
    parts += [f"  {item.id}: {item.what}: {item.detail}\n    {item.question}" for item in scores.failures]
    return "\n".join(parts)


def report_json(run: Evaluation, title: str) -> dict[str, Any]:
    """The same as JSON values: the scores, and beside them "refusals", "personas", "stages" and "sets"."""
    value = dataclasses.asdict(run)
    scores = value.pop("scores")
    return {"title": title, **scores, "verdicts": dict(run.scores.verdicts), **value}


def report_markdown(run: Evaluation, title: str, plots: Sequence[Plot] = ()) -> str:
    """The same as a Markdown page.

    Args:
        run: the figures.
        title: its first heading.
        plots: pictures that lie beside the page.
    """
    scores = run.scores
    lines = [f"# {title}", "", *_table(HEADS, [_cells(kind) for kind in scores.kinds]), "", LEGEND]
    lines += [*_pictures(plots, "kinds"), "", *(f"- {figure}" for figure in _figures(run))]
    if run.refusals:
        lines += ["", "## Saying that it is not in the library", "", *_refusals(run.refusals)]
        lines += _pictures(plots, "refusals")
    if run.personas:
        lines += ["", "## The same question as two people", "", *_personas(run.personas)]
    if run.sets:
        lines += ["", "## Retrieval sets", "", *_table(SET_HEADS, [_set_row(one) for one in run.sets])]
    for ablation in _ablations(run):
        lines += ["", f"## What each stage is worth: {ablation.name}", ""]
        lines += [*_table(STAGE_HEADS, _stage_rows(ablation)), "", STAGES_LEGEND]
        lines += _pictures(plots, "stages" if ablation is run.stages else ablation.name)
    lines += ["", "## What went wrong", ""]
    failures = [_failure(item) for item in scores.failures]
    lines += _table(("question", "what", "detail"), failures) if failures else ["Nothing."]
    return "\n".join(lines) + "\n"


def stage_cells(row: LeftOut, whole: RankScores) -> tuple[str, ...]:
    """One row of an ablation: what stays without a stage, and how far that is from all stages."""
    if row.unchanged:
        return row.stage.replace("_", " "), *["unchanged"] * 4
    pairs = zip(_stage_figures(row.scores), _stage_figures(whole), strict=True)
    return row.stage.replace("_", " "), *(f"{100 * one:.1f} ({100 * (one - all_):+.1f})" for one, all_ in pairs)


def _cells(row: KindScores) -> tuple[str, ...]:
    answer, plain = row.answer, row.baseline
    return (
        row.kind,
        str(row.questions),
        f"{answer.hit5_strict:.2f} / {plain.hit5_strict:.2f}",
        f"{answer.hit5_lenient:.2f} / {plain.hit5_lenient:.2f}",
        f"{answer.recall10:.2f} / {plain.recall10:.2f}",
        f"{answer.mrr_strict:.2f} / {plain.mrr_strict:.2f}",
        f"{answer.mrr_lenient:.2f} / {plain.mrr_lenient:.2f}",
        _of(row.facts) if row.facts.of else "",
    )


def _figures(run: Evaluation) -> Iterator[str]:
    scores = run.scores
    yield f"Refused {_of(scores.refused)} unanswerable questions; wrongly refused {_of(scores.wrongly_refused)}."
    if run.refusals:
        yield f"Confidence tells the two apart with an area under the curve of {run.refusals.area:.2f}."
    if run.personas:
        yield (
            f"Asked as two personas, {run.personas.differing:.0%} of {len(run.personas.pairs)} answers differ;"
            f" {run.personas.overlap:.0%} of the first five pages are the same."
        )
    yield f"Sentences cited: {_of(scores.cited)} = {scores.cited.share:.1%}."
    verdicts = (f"{count:,} {verdict.replace('_', ' ')}" for verdict, count in scores.verdicts)
    yield f"Verdicts: {', '.join(verdicts)}."
    yield f"Seconds a question: median {scores.median_seconds:.2f}, 95th percentile {scores.p95_seconds:.2f}."


def _refusals(curve: RefusalCurve) -> list[str]:
    """What was done, then the cheapest thresholds that would refuse as many."""
    done = curve.operating
    lines = [
        f"Of {curve.unanswerable} questions without an answer {done.rightly:.0%} were refused, of the other"
        f" {curve.answerable} {done.wrongly:.0%}. By confidence alone (area {curve.area:.2f}):",
        "",
    ]
    return lines + _table(("threshold", "rightly refused", "wrongly refused"), [_point(p) for p in best_points(curve)])


def _point(point: CurvePoint) -> tuple[str, str, str]:
    return f"{point.threshold:.3f}", f"{point.rightly:.0%}", f"{point.wrongly:.0%}"


def _personas(personas: PersonaDifference) -> list[str]:
    rows = [
        (pair.question, f"{pair.personas[0]}, {pair.personas[1]}", f"{pair.overlap:.0%}", _yes(pair.other_words))
        for pair in personas.pairs
    ]
    lines = [
        f"{personas.differing:.0%} of the answers differ; the first five pages are {personas.overlap:.0%} the same;"
        f" a right page is among them in {personas.right:.0%} of the answers.",
        "",
    ]
    return lines + _table(("question", "asked as", "same pages", "other words"), rows)


def _ablations(run: Evaluation) -> tuple[Ablation, ...]:
    return ((run.stages,) if run.stages else ()) + run.sets


def _stage_rows(ablation: Ablation) -> list[tuple[str, ...]]:
    whole = ("nothing", *(f"{100 * figure:.1f}" for figure in _stage_figures(ablation.whole)))
    return [whole, *(stage_cells(row, ablation.whole) for row in ablation.rows)]


def _stage_figures(scores: RankScores) -> tuple[float, ...]:
    return scores.recall5, scores.recall10, scores.ndcg10, scores.hit5


def _set_row(one: Ablation) -> tuple[str, ...]:
    scores = one.whole
    recall5 = f"{100 * scores.recall5:.1f} ± {100 * scores.recall5_error:.1f}"
    figures = (f"{100 * scores.whole5:.1f}", f"{100 * scores.ndcg10:.1f}")
    return one.name, str(scores.questions), f"{100 * scores.recall2:.1f}", recall5, *figures


def _pictures(plots: Sequence[Plot], section: str) -> list[str]:
    return [line for plot in plots if plot.section == section for line in ("", f"![{plot.words}]({plot.file})")]


def _failure(item: Failure) -> tuple[str, str, str]:
    return f"{item.id}: {item.question}", item.what, item.detail


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [_row(heads), _row(["---"] * len(heads)), *(_row(row) for row in rows)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(' '.join(cell.split()).replace('|', '&#124;') for cell in cells)} |"


def _of(tally: Tally) -> str:
    return f"{tally.count}/{tally.of}"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _count(scores: Scores) -> str:
    wrong = len({item.id for item in scores.failures})
    return f"{wrong} of {scores.questions} questions"

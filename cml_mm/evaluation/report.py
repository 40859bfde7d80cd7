"""The scores as text for a terminal, as JSON values and as Markdown. Plain search stands beside each figure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from cml_mm.evaluation.scores import Failure, KindScores, Scores, Tally

HEADS = ("kind", "n", "hit@5", "lenient", "R@10", "MRR", "lenient MRR", "facts")
LEGEND = "Each cell: the answer's pages / plain search for the same words. hit@5 and MRR are strict but where they say."


def report_text(scores: Scores, title: str) -> str:
    """A table, the other figures, and every question that went wrong."""
    rows = [HEADS, *(_cells(kind) for kind in scores.kinds)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    table = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    parts = [title, "", *table, LEGEND, "", *_figures(scores), ""]
    parts += [f"{_count(scores)} went wrong:"] if scores.failures else ["Nothing went wrong."]
    parts += [f"  {item.id}: {item.what}: {item.detail}\n    {item.question}" for item in scores.failures]
    return "\n".join(parts)


def report_json(scores: Scores, title: str) -> dict[str, Any]:
    """The same as JSON values."""
    value = dataclasses.asdict(scores)
    return {"title": title, **value, "verdicts": dict(scores.verdicts)}


def report_markdown(scores: Scores, title: str) -> str:
    """The same as a Markdown page."""
    lines = [f"# {title}", "", _row(HEADS), _row(["---"] * len(HEADS))]
    lines += [_row(_cells(kind)) for kind in scores.kinds]
    lines += ["", LEGEND, "", *(f"- {figure}" for figure in _figures(scores)), "", "## What went wrong", ""]
    if scores.failures:
        lines += [_row(("question", "what", "detail")), _row(["---"] * 3)]
        lines += [_row(_failure(item)) for item in scores.failures]
    else:
        lines.append("Nothing.")
    return "\n".join(lines) + "\n"


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


def _figures(scores: Scores) -> Iterator[str]:
    yield f"Refused {_of(scores.refused)} unanswerable questions; wrongly refused {_of(scores.wrongly_refused)}."
    yield f"Sentences cited: {_of(scores.cited)} = {scores.cited.share:.1%}."
    verdicts = (f"{count:,} {verdict.replace('_', ' ')}" for verdict, count in scores.verdicts)
    yield f"Verdicts: {', '.join(verdicts)}."
    yield f"Seconds a question: median {scores.median_seconds:.2f}, 95th percentile {scores.p95_seconds:.2f}."


def _failure(item: Failure) -> tuple[str, str, str]:
    return f"{item.id}: {item.question}", item.what, item.detail


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _of(tally: Tally) -> str:
    return f"{tally.count}/{tally.of}"


def _count(scores: Scores) -> str:
    wrong = len({item.id for item in scores.failures})
    return f"{wrong} of {scores.questions} questions"

"""The report's plots, as SVG beside it: the one home of Matplotlib, drawn without a display."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cml_mm.errors import InputError
from cml_mm.evaluation.ablation import Ablation, LeftOut
from cml_mm.evaluation.refusals import RefusalCurve
from cml_mm.evaluation.scores import KindScores

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Of the app's light theme: ink on paper, one strong and one quiet colour.
INK, QUIET, STRONG, WARNING, PAPER, LINE = "#1b2320", "#7c8781", "#1d5b4c", "#a6341f", "#fdfdfb", "#daddd4"
WIDTH_INCHES = 7.0
ROW_INCHES = 0.34


def plot_kinds(kinds: Sequence[KindScores], path: Path) -> None:
    """Bars a kind of question: right pages in the first five, of answers and of plain search.

    Raises: InputError: the file cannot be written.
    """

    def draw(axes: Axes) -> None:
        rows = range(len(kinds))
        answers, plain = (
            [100 * row.answer.hit5_lenient for row in kinds],
            [100 * k.baseline.hit5_lenient for k in kinds],
        )
        axes.barh([row - 0.19 for row in rows], answers, 0.36, color=STRONG, label="answers")
        axes.barh([row + 0.19 for row in rows], plain, 0.36, color=QUIET, label="plain search")
        axes.set_yticks(list(rows), [f"{kind.kind} ({kind.questions})" for kind in kinds])
        axes.invert_yaxis()
        axes.set_xlim(0, 100)
        axes.set_xlabel("questions with a right page in the first five, %")
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2, frameon=False)

    _save(draw, len(kinds) * ROW_INCHES * 1.5 + 1.6, path)


def plot_refusals(curve: RefusalCurve, path: Path) -> None:
    """Rightly against wrongly refused as the threshold moves, with what the engine did.

    Raises: InputError: the file cannot be written.
    """

    def draw(axes: Axes) -> None:
        wrongly, rightly = [100 * p.wrongly for p in curve.points], [100 * p.rightly for p in curve.points]
        axes.plot([0, 100], [0, 100], color=LINE, linewidth=1)
        axes.plot(wrongly, rightly, color=STRONG, linewidth=2, label="by confidence alone")
        point = curve.operating
        axes.plot([100 * point.wrongly], [100 * point.rightly], "o", color=WARNING, markersize=8, label="as answered")
        axes.set_xlim(-2, 102)
        axes.set_ylim(-2, 102)
        axes.set_xlabel(f"wrongly refused, % of {curve.answerable} that have an answer")
        axes.set_ylabel(f"rightly refused, % of {curve.unanswerable} that have none")
        axes.legend(loc="lower right", frameon=False)

    _save(draw, 4.6, path)


def plot_stages(ablation: Ablation, measure: str, value: Callable[[Any], float], path: Path) -> None:
    """Bars a stage: what a measure loses without it, in points; stages that change nothing are left out.

    Args:
        ablation: of one set.
        measure: its name, for the axis.
        value: reads the measure, 0 to 1, from the scores.
        path: where to write.

    Raises: InputError: the file cannot be written.
    """
    rows = [row for row in ablation.rows if not row.unchanged]

    def loss(row: LeftOut) -> float:
        return 100 * (value(ablation.whole) - value(row.scores))

    def draw(axes: Axes) -> None:
        losses = [loss(row) for row in rows]
        axes.barh(range(len(rows)), losses, 0.6, color=[STRONG if one >= 0 else WARNING for one in losses])
        axes.set_yticks(list(range(len(rows))), [row.stage.replace("_", " ") for row in rows])
        axes.invert_yaxis()
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.set_xlabel(f"points of {measure} lost without it (all stages: {100 * value(ablation.whole):.1f})")
        axes.margins(x=0.08)

    _save(draw, max(len(rows), 1) * ROW_INCHES + 1.0, path)


def _save(draw: Callable[[Axes], None], height_inches: float, path: Path) -> None:
    """Draws on one pair of axes and writes an SVG whose words stay words, the same for the same figures."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    # Any: each release of Matplotlib types its settings in another way.
    style: Any = {
        "svg.fonttype": "none",
        "svg.hashsalt": "cml",
        "figure.constrained_layout.w_pad": 0.12,
        "figure.constrained_layout.h_pad": 0.12,
        "axes.edgecolor": QUIET,
        **dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color"), INK),
    }
    with rc_context(style):
        figure = Figure(figsize=(WIDTH_INCHES, height_inches), facecolor=PAPER, layout="constrained")
        axes = figure.add_subplot(facecolor=PAPER)
        axes.spines[["top", "right"]].set_visible(False)
        axes.set_axisbelow(True)
        axes.grid(True, color=LINE, linewidth=0.6)
        draw(axes)
        try:
            figure.savefig(path, format="svg", metadata={"Date": None})
        except OSError as exc:
            raise InputError(f"{path} cannot be written ({exc.strerror}).", "Choose another place for --out.") from exc

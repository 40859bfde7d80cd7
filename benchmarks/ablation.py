"""What each stage of retrieval is worth, on every set; and what typos and missing titles cost.

python -m benchmarks ablation [--sets FOLDER …] [--cache DIR]

Multi-hop sets by R@5, question files by hit@5 (gold and also_ok), in percent; beside it the
difference to all stages, in points. "·" means that not one ranking changed;
a cell stays empty where there is no such stage.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.cached_encoder import CachedEncoder
from benchmarks.libraries import development_questions, open_or_build, passage_set_folders, question_files
from benchmarks.perturbed import untitled, with_typos
from cml_mm.evaluation.ablation import Ablation, Wanted, ablate, judge
from cml_mm.evaluation.passage_ranking import PassageRanker, wanted_passages
from cml_mm.evaluation.passage_sets import PassageSet, read_passage_set
from cml_mm.evaluation.rank_scores import RankScores, score_rankings
from cml_mm.profiles import parts_of
from cml_mm.retrieval.stages import PAGE_STAGES, PASSAGE_STAGES, STAGE_NAMES, Stages
from cml_mm.settings import Settings

TYPOS = 2
# What is left when nothing but words and meaning are fused.
FUSION = Stages(**{name: name in ("words", "meaning") for name in STAGE_NAMES})


@dataclass(frozen=True)
class Column:
    """One set of the table with the measure that it is read by."""

    ablation: Ablation
    measure: str
    value: Callable[[RankScores], float]


@dataclass(frozen=True)
class Hardened:
    """One set as it is, misspelt, and without titles; there also by fusion alone."""

    name: str
    clean: RankScores
    typos: RankScores
    untitled: RankScores
    untitled_fusion: RankScores


def main(library: Path, index: Path, sets: Sequence[Path] = (), cache: Path | None = None) -> None:
    settings = Settings.load()
    columns: list[Column] = []
    hardened: list[Hardened] = []
    with tempfile.TemporaryDirectory() as scratch:
        encoder = CachedEncoder(parts_of(settings).text_encoder(), cache)
        for folder in sets or passage_set_folders():
            made = read_passage_set(folder)
            rank = PassageRanker(made, encoder)
            left_out = ablate(made.name, wanted_passages(made), rank, PASSAGE_STAGES)
            columns.append(Column(left_out, "R@5", lambda s: s.recall5))
            hardened.append(harden(made, rank, encoder))
        encoder.save()
        for asked in question_files(library, index, cache or Path(scratch)):
            with open_or_build(replace(settings, index=asked.index, libraries=(asked.library,))) as engine:
                questions = development_questions(asked.file)
                wanted = [Wanted(one.question, one.gold, one.also_ok, one.subject) for one in questions]
                left_out = ablate(asked.name, wanted, engine.rank, PAGE_STAGES)
                columns.append(Column(left_out, "hit@5", lambda s: s.hit5))
    print(stages_markdown(columns))
    if hardened:
        print(f"\n{hardened_markdown(hardened)}")


def harden(made: PassageSet, rank: PassageRanker, encoder: CachedEncoder) -> Hardened:
    """Scores one set in its harder forms; `rank` stands over its passages as they are."""
    bare = untitled(made)
    wanted = wanted_passages(bare)
    without_titles = PassageRanker(bare, encoder)
    return Hardened(
        name=made.name,
        clean=score_rankings(judge(wanted_passages(made), rank)),
        typos=score_rankings(judge(wanted_passages(with_typos(made, TYPOS)), rank)),
        untitled=score_rankings(judge(wanted, without_titles)),
        untitled_fusion=score_rankings(judge(wanted, lambda question, stages: without_titles(question, FUSION))),
    )


def stages_markdown(columns: Sequence[Column]) -> str:
    """Stage × set."""
    heads = (
        "without",
        *(f"{one.ablation.name}, {one.measure} (n = {one.ablation.whole.questions})" for one in columns),
    )
    lines = [_row(heads), _row(["---"] * len(heads))]
    lines.append(_row(("nothing", *(f"{100 * one.value(one.ablation.whole):.1f}" for one in columns))))
    tried = {row.stage for column in columns for row in column.ablation.rows}
    for stage in (name for name in STAGE_NAMES if name in tried):
        lines.append(_row((stage.replace("_", " "), *(_cell(one, stage) for one in columns))))
    return "\n".join(lines)


def _cell(column: Column, stage: str) -> str:
    row = next((row for row in column.ablation.rows if row.stage == stage), None)
    if row is None:
        return ""
    value, whole = column.value(row.scores), column.value(column.ablation.whole)
    return "·" if row.unchanged else f"{100 * value:.1f} ({100 * (value - whole):+.1f})"


def hardened_markdown(rows: Sequence[Hardened]) -> str:
    """R@5 of every set clean, misspelt, untitled; the last row is the mean."""
    heads = ("set, R@5", "clean", f"{TYPOS} typos", "lost", "untitled", "untitled, fusion only", "gained")
    table = [tuple(100 * one.recall5 for one in (r.clean, r.typos, r.untitled, r.untitled_fusion)) for r in rows]
    table.append(tuple(sum(column) / len(rows) for column in zip(*table, strict=True)))
    lines = [_row(heads), _row(["---"] * len(heads))]
    for name, (clean, typos, bare, fusion) in zip((*(r.name for r in rows), "mean"), table, strict=True):
        figures = (clean, typos, clean - typos, bare, fusion, bare - fusion)
        lines.append(_row((name, *(f"{figure:.1f}" for figure in figures))))
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"

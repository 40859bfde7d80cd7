"""The weights of the ranking's stages, one at a time around those in use, on development questions only; see LOG.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path

from cml_mm.cli.evaluation import STARTER_QUESTIONS
from cml_mm.evaluation.questions import Question, read_questions
from cml_mm.graph.snapshot import open_snapshot
from cml_mm.profiles import parts_of
from cml_mm.retrieval.ranking import Ranker, Weights
from cml_mm.settings import ROOT, Settings

QUESTIONS = ROOT.parent / "shared" / "eval" / "patterns_dev.jsonl"
KINDS = ("problem", "persona", "compare", "lookup")
GRID: dict[str, tuple[float, ...]] = {
    "words": (0.2, 0.25, 0.3, 0.35, 0.4),  # the rest is meaning
    "name": (0.3, 0.6, 0.9),
    "summary_share": (0.0, 0.2, 0.4, 0.6, 1.0),
    "feedback_share": (0.0, 0.15, 0.3, 0.45),
    "graph": (0.0, 0.05, 0.1, 0.15, 0.2, 0.3),
    "only_holder": (0.0, 0.2, 0.4, 0.6),
}


def main(library: Path, index: Path) -> None:
    settings = replace(Settings.load(), index=index)
    encoder = parts_of(settings).text_encoder()
    snapshot = open_snapshot(index, encoder.name, encoder.dimension, settings.graph_buffer_bytes)
    questions = _questions(frozenset(snapshot.pages))
    if not questions:
        print("skipped: no development questions for this library")
        return
    ranker = Ranker(snapshot, encoder)
    for name, weights in _grid():
        ranker.weights = weights
        found = [_figures(ranker, question) for question in questions]
        hits, tens, places = (sum(column) / len(found) for column in zip(*found, strict=True))
        print(f"{name}: hit@5 {hits:.3f}, hit@10 {tens:.3f}, MRR {places:.3f}", flush=True)
    snapshot.close()


def _grid() -> Iterator[tuple[str, Weights]]:
    """The weights in use, then each of its neighbours."""
    used = Weights()
    yield "as they are", used
    assert set(GRID) <= {field.name for field in fields(Weights)}
    for name, values in GRID.items():
        for value in values:
            if value == getattr(used, name):
                continue
            changed = {"words": value, "meaning": 1 - value} if name == "words" else {name: value}
            yield f"{name} {value:.2f} (not {getattr(used, name):.2f})", replace(used, **changed)


def _questions(pages: frozenset[str]) -> Sequence[Question]:
    """The development questions that were written for these pages."""
    for path, split in ((QUESTIONS, "all"), (STARTER_QUESTIONS, "dev")):
        if path.is_file():
            found = [question for question in read_questions(path, split) if question.kind in KINDS]
            if all(slug in pages for question in found for slug in question.gold):
                return found
    return ()


def _figures(ranker: Ranker, question: Question) -> tuple[float, float, float]:
    """Whether a right page is among the first five, the first ten, and 1 / its place."""
    right = {*question.gold, *question.also_ok}
    found = [page.slug for page in ranker.rank(question.question).pages if page.slug not in question.subject]
    place = next((number for number, slug in enumerate(found, start=1) if slug in right), 0)
    return float(0 < place <= 5), float(0 < place <= 10), 1 / place if place else 0.0

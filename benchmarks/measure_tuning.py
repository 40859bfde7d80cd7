"""The fusion's two weights over a grid, on the development questions only; see LOG.md."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from cml_mm.graph.snapshot import open_snapshot
from cml_mm.profiles import load_profile
from cml_mm.retrieval import ranking
from cml_mm.settings import ROOT, Settings

QUESTIONS = ROOT.parent / "shared" / "eval" / "patterns_dev.jsonl"
KINDS = ("problem", "persona", "compare")


def main(library: Path, index: Path) -> None:
    if not QUESTIONS.is_file():
        print("skipped: the development questions are missing")
        return
    settings = replace(Settings.load(), index=index)
    encoder = load_profile(settings.profile).make_encoder(settings)
    snapshot = open_snapshot(index, encoder.name, encoder.dimension, settings.graph_buffer_bytes)
    ranker = ranking.Ranker(snapshot, encoder)
    rows = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    rows = [row for row in rows if row["kind"] in KINDS]
    for words in (0.2, 0.3, 0.4, 0.5):
        for share in (0.0, 0.2, 0.4, 0.6, 1.0):
            ranker.weights = ranking.Weights(words=words, meaning=1 - words, summary_share=share)
            ranks = [_rank(ranker, row) for row in rows]
            hits = sum(rank is not None and rank < 5 for rank in ranks) / len(ranks)
            mrr = sum(0.0 if rank is None else 1 / (rank + 1) for rank in ranks) / len(ranks)
            print(f"BM25 {words:.1f}, summary {share:.1f}: hit@5 {hits:.3f}, MRR {mrr:.3f}")
    snapshot.close()


def _rank(ranker: ranking.Ranker, row: dict[str, list[str]]) -> int | None:
    right = {*row["gold"], *row["also_ok"]}
    named = row.get("subject", [])
    found = [page.slug for page in ranker.rank(str(row["question"])).pages if page.slug not in named]
    return next((place for place, slug in enumerate(found) if slug in right), None)

"""Labels of diagrams and the patterns that they stand for: rightly linked, missed, and linked to nothing sensible.

python -m benchmarks diagram-links

Every line of benchmarks/diagram_links.jsonl is a label of our own with what stands around it, and the
pattern of the starter library that it means, or none. The threshold was chosen on the split "dev".
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.libraries import STARTER, open_or_build
from cml_mm.diagrams.values import Diagram, DiagramEdge, DiagramNode
from cml_mm.graph.snapshot import open_snapshot
from cml_mm.profiles import parts_of
from cml_mm.retrieval.diagram_links import LEAST_MEANT, PatternRows, link_diagram
from cml_mm.retrieval.ranking import Ranker
from cml_mm.settings import ROOT, Settings
from cml_mm.visits import DiagramLink

PAIRS = ROOT / "benchmarks" / "diagram_links.jsonl"
SPLITS = ("dev", "held-out")
THRESHOLDS = (0.30, 0.35, 0.40, 0.425, 0.45, 0.475, 0.50, 0.55, 0.60)
LEAST_PRECISION = 0.85  # of both splits together, at the threshold in use
LEAST_RECALL = 0.70


@dataclass(frozen=True)
class LabelPair:
    """A label, what stands around it, and the slug of the pattern that it means; "" for none."""

    label: str
    around: tuple[str, ...]
    pattern: str
    split: str

    @property
    def diagram(self) -> Diagram:
        """A diagram in which the label's box, "a", leads to everything around it."""
        nodes = [DiagramNode(f"b{number}", label) for number, label in enumerate(self.around)]
        edges = tuple(DiagramEdge(f"e{number}", "a", node.id) for number, node in enumerate(nodes))
        return Diagram("", "mermaid", (DiagramNode("a", self.label), *nodes), edges)


@dataclass(frozen=True)
class Counts:
    """How many labels were linked, how many of them rightly, and how many should have been."""

    linked: int
    right: int
    wanted: int

    @property
    def precision(self) -> float:
        return self.right / self.linked if self.linked else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0


def main(library: Path, index: Path) -> None:
    """The starter library is measured, whatever `library` is: the pairs are about its patterns."""
    settings = Settings.load()
    encoder = parts_of(settings).text_encoder()
    with tempfile.TemporaryDirectory() as scratch:
        place = index if library.resolve() == STARTER.resolve() else Path(scratch) / "starter"
        starter = replace(settings, index=place, libraries=(STARTER,))
        open_or_build(starter).close()
        snapshot = open_snapshot(place, encoder.name, encoder.dimension, starter.graph_buffer_bytes)
        names, rows, pairs = Ranker(snapshot, encoder).names, PatternRows.of(snapshot), read_pairs()
        found = [_of_label(link_diagram(pair.diagram, names, encoder, rows, threshold=0.0)) for pair in pairs]
        snapshot.close()
    print("| threshold | " + " | ".join(f"{split}: precision / recall" for split in SPLITS) + " |")
    print("|---|---|---|")
    for threshold in THRESHOLDS:
        cells = [counted(pairs, found, threshold, split) for split in SPLITS]
        mark = " (in use)" if threshold == LEAST_MEANT else ""
        print(
            f"| {threshold:.3f}{mark} | "
            + " | ".join(f"{one.precision:.3f} / {one.recall:.3f}" for one in cells)
            + " |"
        )
    _tell(pairs, found)


def read_pairs(file: Path = PAIRS) -> tuple[LabelPair, ...]:
    """The labelled pairs, in the order of the file."""
    rows = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
    return tuple(LabelPair(row["label"], tuple(row["around"]), row["pattern"] or "", row["split"]) for row in rows)


def counted(
    pairs: Sequence[LabelPair], found: Sequence[Sequence[DiagramLink]], threshold: float, split: str = ""
) -> Counts:
    """Args:
    found: the links of every pair's label, whatever their score.
    threshold: from which a meaning counts; names count always.
    split: of these pairs only; of all where it is empty.
    """
    linked = right = wanted = 0
    for pair, links in zip(pairs, found, strict=True):
        if split not in ("", pair.split):
            continue
        drawn = {link.slug for link in links if link.named or link.score >= threshold}
        linked += bool(drawn)
        right += pair.pattern in drawn
        wanted += bool(pair.pattern)
    return Counts(linked, right, wanted)


def _of_label(links: Sequence[DiagramLink]) -> tuple[DiagramLink, ...]:
    return tuple(link for link in links if link.node == "a")


def _tell(pairs: Sequence[LabelPair], found: Sequence[Sequence[DiagramLink]]) -> None:
    """The threshold in use against its limits, and every label that it gets wrong."""
    whole = counted(pairs, found, LEAST_MEANT)
    print(f"all: precision {whole.precision:.3f} (least {LEAST_PRECISION}), recall {whole.recall:.3f}", end=" ")
    print(f"(least {LEAST_RECALL}), {len(pairs)} labels")
    for pair, links in zip(pairs, found, strict=True):
        drawn = [link for link in links if link.named or link.score >= LEAST_MEANT]
        wrong = bool(drawn) and pair.pattern not in {link.slug for link in drawn}
        if wrong or (pair.pattern and not drawn):
            said = ", ".join(f"{link.slug} ({link.how}, {link.score:.2f})" for link in drawn) or "nothing"
            print(f"  {pair.split}: {pair.label!r} was linked with {said}, means {pair.pattern or 'nothing'}")
    if whole.precision < LEAST_PRECISION or whole.recall < LEAST_RECALL:
        raise SystemExit("The labels of diagrams are linked less well than promised.")

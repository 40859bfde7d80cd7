"""Diagrams read back: from sources exactly, from pictures by style, with what it costs.

python -m benchmarks diagrams                     all of it, some twenty minutes
python -m benchmarks.measure_diagrams --limit 12  a quick look: so many of every set

Figures are F1 of boxes and of arrows (with direction, and without), recall of the words at arrows and of
the boxes' places (half of both covered), and how many of the found boxes have the right shape.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.diagram_scoring import Score, scored
from benchmarks.diagram_sets import (
    CHECKS,
    Item,
    checks_pictures,
    checks_sources,
    made_pictures,
    made_sources,
    starter_files,
    varied_pictures,
)
from cml_mm.diagrams.values import Diagram
from cml_mm.errors import CmlError
from cml_mm.media.file_reading import read_file
from cml_mm.media.svg import read_svg
from cml_mm.models.rapid_ocr import RapidOcr
from cml_mm.visits import DEFAULT_LIMITS, ReadFile

SEEDS = (1, 2)
PICTURES = 48  # of every seed, clean, and as many damaged
GRAPHS = 24  # written as sources
STRIDE = 3  # of the pictures of ../shared that are damaged
WORST = 12  # pictures to name
# What the reader promises on ../shared.
BOXES, ARROWS, ORTHOGONAL, MERMAID, WORDS = 0.98, 0.90, 0.98, 0.88, 0.82
MOST_LOST, MOST_SECONDS, MOST_BYTES = 0.12, 3.0, 1.5e9

_HEADINGS = (
    *("file", "made by", "layout", "engine", "lines", "theme", "strokes", "heads", "spoilt by"),
    *("half", "half by made by", "half by lines", "half by spoilt by"),
)
_COLUMNS = ("files", "boxes", "arrows", "either way", "words", "place", "shape", "without fault")


@dataclass(frozen=True)
class Outcome:
    """How one file was read; `fault` is the sentence with which it was refused."""

    item: Item
    score: Score
    cpu_seconds: float
    fault: str = ""


def main(library: Path, index: Path) -> None:
    """Everything; library and index are not needed."""
    measure(None)


def measure(limit: int | None) -> None:
    """Print all tables.

    Args:
        limit: so many files of every set, None for all.
    """
    ocr = RapidOcr()
    sources = [_read(item, None) for item in islice(made_sources(1, GRAPHS), limit)]
    sources += [_read(item, None) for item in islice(checks_sources(), limit)]
    _print_table("source", _grouped(sources, "source"))
    blank = np.full((64, 64, 3), 255, np.uint8)
    ocr.recognise(blank)  # loads the models
    before = _peak_bytes()
    _report("shipped with the starter library", [_read(item, ocr) for item in islice(starter_files(), limit)])
    for name, spoil in (("our own, clean", False), ("our own, damaged", True)):
        for seed in SEEDS:
            _report(
                f"{name}, seed {seed}", [_read(one, ocr) for one in islice(made_pictures(seed, PICTURES, spoil), limit)]
            )
    if CHECKS.is_dir():
        _report_checks(ocr, limit)
    else:
        print("\n../shared is missing: only diagrams of our own were measured.")
    print(f"\nmemory: {_peak_bytes() / 1e9:.2f} GB at most, {before / 1e9:.2f} GB before the first picture", end="; ")
    print(_kept(_peak_bytes() <= MOST_BYTES, f"at most {MOST_BYTES / 1e9:.1f} GB"))


def _report_checks(ocr: RapidOcr, limit: int | None) -> None:
    clean = [_read(item, ocr) for item in islice(checks_pictures(), limit)]
    _report("../shared", clean)
    whole = _sum(clean)
    found = {heading: dict(_grouped(clean, heading)) for heading in ("made by", "lines")}
    print()
    print(f"boxes {whole.nodes.f1:.3f}:", _kept(whole.nodes.f1 >= BOXES, f"at least {BOXES}"))
    print(f"arrows {whole.directed.f1:.3f}:", _kept(whole.directed.f1 >= ARROWS, f"at least {ARROWS}"))
    for heading, group, least in (("lines", "ortho", ORTHOGONAL), ("made by", "mermaid", MERMAID)):
        if group in found[heading]:
            f1 = _sum(found[heading][group]).directed.f1
            print(f"arrows, {heading} {group} {f1:.3f}:", _kept(f1 >= least, f"at least {least}"))
    print(f"words {whole.words.recall:.3f}:", _kept(whole.words.recall >= WORDS, f"at least {WORDS}"))
    with tempfile.TemporaryDirectory() as scratch:
        varied = [_read(item, ocr) for item in islice(varied_pictures(Path(scratch), STRIDE), limit)]
    _report("../shared, damaged", varied)
    both = {outcome.item.name for outcome in varied} & {outcome.item.name for outcome in clean}
    before, after = (_sum([one for one in outcomes if one.item.name in both]) for outcomes in (clean, varied))
    lost = before.directed.f1 - after.directed.f1
    print(f"\narrows lost by damage: {lost:.3f};", _kept(lost <= MOST_LOST, f"at most {MOST_LOST}"))


def _report(name: str, outcomes: Sequence[Outcome]) -> None:
    print(f"\n### {name}\n")
    _print_table("all", [("all", outcomes)])
    for heading in _HEADINGS:
        groups = _grouped(outcomes, heading)
        if len(groups) > 1:
            print()
            _print_table(heading, groups)
    seconds = sorted(outcome.cpu_seconds for outcome in outcomes)
    middle, high = statistics.median(seconds), seconds[int(0.95 * (len(seconds) - 1))]
    print(
        f"\nCPU-s a picture, its words read too: median {middle:.2f}, 95 % {high:.2f}, most {seconds[-1]:.2f};", end=" "
    )
    print(_kept(middle <= MOST_SECONDS, f"median at most {MOST_SECONDS:g}"))
    worst = sorted(outcomes, key=lambda outcome: (outcome.score.directed.f1, outcome.score.nodes.f1))[:WORST]
    print("worst:", ", ".join(map(_said, (outcome for outcome in worst if not outcome.score.is_perfect))) or "none")
    for outcome in outcomes:
        if outcome.fault:
            print(f"refused: {outcome.item.name}: {outcome.fault}")


def read_any(item: Item, ocr: RapidOcr | None = None) -> ReadFile:
    """A file as the app reads it once it knows what kind it is.

    Raises:
        InputError: it is refused.
    """
    limits = replace(DEFAULT_LIMITS, cpu_seconds=float("inf"))
    if item.kind == "svg":
        return read_svg(item.data, item.name, "file-1", limits)
    return read_file(item.data, item.kind, item.name, "file-1", ocr, limits, lambda *_: None)


def _read(item: Item, ocr: RapidOcr | None) -> Outcome:
    began = time.process_time()
    fault, diagrams = "", ()
    try:
        diagrams = read_any(item, ocr).diagrams
    except CmlError as exc:
        fault = str(exc)
    seconds = time.process_time() - began
    largest = max(diagrams, key=lambda one: len(one.parts), default=Diagram(item.name, "picture"))
    return Outcome(item, scored(item.truth, largest), seconds, fault)


def _grouped(outcomes: Iterable[Outcome], heading: str) -> list[tuple[str, list[Outcome]]]:
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        for key, value in outcome.item.groups:
            if key == heading:
                groups.setdefault(value, []).append(outcome)
    return sorted(groups.items())


def _sum(outcomes: Iterable[Outcome]) -> Score:
    return sum((outcome.score for outcome in outcomes), Score())


def _print_table(heading: str, groups: Sequence[tuple[str, Sequence[Outcome]]]) -> None:
    print(f"| {heading} | {' | '.join(_COLUMNS)} |\n|---|{'--:|' * len(_COLUMNS)}")
    for name, outcomes in groups:
        score = _sum(outcomes)
        figures = (score.nodes.f1, score.directed.f1, score.undirected.f1)
        recalls = [f"{one.recall:.3f}" if one.known else "–" for one in (score.words, score.boxes, score.shapes)]
        perfect = sum(outcome.score.is_perfect for outcome in outcomes)
        cells = [name, str(len(outcomes)), *(f"{figure:.3f}" for figure in figures), *recalls, str(perfect)]
        print(f"| {' | '.join(cells)} |")


def _said(outcome: Outcome) -> str:
    groups = "/".join(value for key, value in outcome.item.groups if key in ("engine", "lines", "theme", "spoilt by"))
    return f"{outcome.item.name} ({groups}: boxes {outcome.score.nodes.f1:.2f}, arrows {outcome.score.directed.f1:.2f})"


def _kept(kept: bool, limit: str) -> str:
    return f"{limit} is {'kept' if kept else 'NOT KEPT'}"


def _peak_bytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0  # Linux counts in KiB


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.measure_diagrams", description=__doc__)
    parser.add_argument("--limit", type=int, help="so many files of every set")
    measure(parser.parse_args().limit)

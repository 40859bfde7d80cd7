"""CPU seconds of keeping an index up: nothing changed, one file changed, added, deleted; swap into a running engine.

A copy of the library is edited. Everything is imported and warm before: the starter library is
indexed first in the same process.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from cml_mm.engine import Engine
from cml_mm.settings import ROOT, Settings

UNCHANGED_LIMIT_SECONDS = 7.0
ONE_FILE_LIMIT_SECONDS = 2.0
ROUNDS = 3


def _cpu_seconds(step: Callable[[], object]) -> float:
    before = time.process_time()
    step()
    return time.process_time() - before


def _warm(settings: Settings, scratch: Path) -> None:
    """Imports and loads all that the measured steps use, on another index."""
    library = scratch / "warm-library"
    shutil.copytree(ROOT / "indexes" / "starter", library)
    own = replace(settings, index=scratch / "warm-index", libraries=(str(library),))
    Engine.build(own)
    page = next((library / "patterns").glob("*.md"))
    page.write_text(page.read_text("utf-8") + "\nOne line more.\n", encoding="utf-8")
    Engine.build(own)


def main(library: Path, index: Path) -> None:
    with tempfile.TemporaryDirectory() as place:
        scratch = Path(place)
        copied = scratch / library.name
        shutil.copytree(library, copied)
        settings = replace(Settings.load(), index=index, libraries=(str(copied),))
        _warm(settings, scratch)
        Engine.build(settings)
        with Engine.open(settings) as engine:
            _measure(settings, engine, copied)


def _measure(settings: Settings, engine: Engine, library: Path) -> None:
    folder = next(place for place in (library / "_patterns", library / "patterns") if place.is_dir())
    pages = sorted(folder.glob("*.md"))
    page, fresh = pages[len(pages) // 2], folder / "a-page-more.md"
    spent: dict[str, list[float]] = {"unchanged": [], "changed": [], "added": [], "deleted": [], "swap": []}
    for number in range(ROUNDS):
        spent["unchanged"].append(_cpu_seconds(lambda: Engine.build(settings)))
        page.write_text(page.read_text("utf-8") + f"\nRound {number} was noted.\n", encoding="utf-8")
        spent["changed"].append(_cpu_seconds(lambda: Engine.build(settings)))
        text = pages[number].read_text("utf-8").replace(f"slug: {pages[number].stem}", "slug: a-page-more")
        fresh.write_text(text, encoding="utf-8")
        spent["added"].append(_cpu_seconds(lambda: Engine.build(settings)))
        spent["swap"].append(_cpu_seconds(engine.refresh))
        fresh.unlink()
        spent["deleted"].append(_cpu_seconds(lambda: Engine.build(settings)))
    for what, seconds in spent.items():
        median = sorted(seconds)[ROUNDS // 2]
        limit = UNCHANGED_LIMIT_SECONDS if what == "unchanged" else ONE_FILE_LIMIT_SECONDS
        ratio = "" if what == "swap" else f" = {median / limit:.2f} of the limit of {limit:g}"
        print(f"  {what:10} {median:5.2f} CPU-s{ratio}   (all: {', '.join(f'{s:.2f}' for s in seconds)})")

"""CPU seconds of a full build by stage; limit: usable within 6 CPU-minutes on the full library."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from cml_mm.corpus.library import load_library
from cml_mm.engine import Engine, read_status
from cml_mm.settings import Settings

USABLE_LIMIT_SECONDS = 360


class Stages:
    """A progress that notes the CPU clock when a stage begins and the time spent in each."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._stage = "imports"
        self._began = 0.0

    def __call__(self, what: str, done: int, of: int) -> None:
        if what != self._stage:
            self.close()
            self._stage = what

    def close(self) -> None:
        now = time.process_time()
        self.spent[self._stage] = self.spent.get(self._stage, 0.0) + now - self._began
        self._began = now


def _sizes(library: Path, snapshot: Path) -> tuple[int, int]:
    read = load_library([library])
    pages = (*read.patterns, *read.lighthouses)
    text_bytes = sum(len(section.text.encode()) for page in pages for section in page.sections)
    return text_bytes, sum(path.stat().st_size for path in snapshot.rglob("*") if path.is_file())


def main(library: Path, index: Path) -> None:
    settings = replace(Settings.load(), index=index, libraries=(library,))
    stages = Stages()
    Engine.build(settings, stages, deep=False)
    stages.close()
    usable = sum(stages.spent.values())
    Engine.build(settings, stages)
    stages.close()
    status = read_status(settings)
    print(f"patterns {status.patterns:,}, relations {status.relations:,}, section vectors {status.section_vectors:,}")
    for stage, seconds in stages.spent.items():
        print(f"  {stage:10} {seconds:7.1f} CPU-s")
    total = sum(stages.spent.values())
    encoding = stages.spent.get("patterns", 0.0) + stages.spent.get("sections", 0.0)
    ratio = usable / USABLE_LIMIT_SECONDS
    print(f"usable after {usable:.0f} CPU-s = {ratio:.2f} of the limit of {USABLE_LIMIT_SECONDS} CPU-s")
    print(f"whole build {total:.0f} CPU-s, of which encoding {encoding / total:.2f} (wanted at least 0.85)")
    text_bytes, index_bytes = _sizes(library, Path(status.path))
    print(f"index {index_bytes / 1e6:.0f} MB = {index_bytes / text_bytes:.1f} bytes a byte of section text")

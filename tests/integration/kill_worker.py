"""Builds an index in a child process and kills it with SIGKILL at every kind of moment.

python -m tests.integration.kill_worker MODELS LIBRARY FOLDER KILLS

Forked, so that a kill costs no new imports; a fresh process would do the same. Before each
round a page of the library changes, so that there is always something to build: mostly a
segment, every fifth time a whole snapshot. After each kill the index must open and answer,
or not exist yet; after the last one, a build that is left alone must hold every edit.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import onnxruntime  # noqa: F401 (loaded before the fork, as all below)
import tokenizers  # noqa: F401

import cml_mm.engine.opened
import cml_mm.graph.snapshot_build
import cml_mm.models.minilm  # noqa: F401
from cml_mm.engine import Engine
from cml_mm.errors import StoreMissing
from cml_mm.graph.manifest import CURRENT, Manifest, current_folder
from cml_mm.settings import Settings

WHOLE_BUILD_SECONDS = 3.0
SEGMENT_SECONDS = 0.7
FIRST_BUILDS = 4  # kills before anything was ever built
MERGE_EVERY = 5


def build_in_child(settings: Settings, stage_file: Path, merge: bool) -> int:
    """Forks a child that builds; returns its process id. The child notes each stage it enters."""
    child = os.fork()
    if child:
        return child
    try:
        Engine.build(settings, lambda what, done, of: stage_file.write_text(what), merge=merge)
    finally:
        os._exit(0)


def check(settings: Settings) -> str:
    """What stands after a kill. In a child of its own, since Kuzu must not be open across a fork."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            with Engine.open(settings) as engine:
                said = "opened" if engine.answer("What is Open Books?").sentences else "silent"
        except StoreMissing:
            said = "not_yet_built"
        except BaseException as exc:
            said = f"failed: {exc!r}"
        os.write(writer, said.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said


def holds_everything(settings: Settings, edits: int) -> bool:
    """Whether an undisturbed build holds every edit, and the content of one from nothing."""
    Engine.build(settings)
    fresh = replace(settings, index=settings.index.parent / "fresh")
    Engine.build(fresh, deep=False)
    one, other = (Manifest.read(current_folder(place.index)) for place in (settings, fresh))
    with Engine.open(settings) as engine:
        page = engine.pattern("role-rotation")
        text = "\n".join(section.text for section in page.sections)
    return one.content == other.content and all(f"Round {n} was held." in text for n in range(edits))


def _wait_for(path: Path) -> None:
    deadline = time.monotonic() + 60
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.01)


def main(models: str, library: str, folder: str, kills: str) -> int:
    place = Path(folder)
    own = place / "library"
    shutil.copytree(library, own)
    settings = replace(Settings.load({}), models=Path(models), index=place / "index", libraries=(own,))
    stage_file = place / "stage"
    page = own / "patterns" / "role-rotation.md"
    chance = random.Random(7)
    counts = {"opened": 0, "not_yet_built": 0}
    stages = []
    for number in range(int(kills)):
        page.write_text(page.read_text("utf-8") + f"\nRound {number} was held.\n", encoding="utf-8")
        stage_file.write_text("start")
        merge = number <= FIRST_BUILDS or number % MERGE_EVERY == 0
        child = build_in_child(settings, stage_file, merge)
        if number == FIRST_BUILDS:
            _wait_for(settings.index / CURRENT)  # from here on there is an index to lose
        else:
            time.sleep(chance.uniform(0.0, WHOLE_BUILD_SECONDS if merge else SEGMENT_SECONDS))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        stages.append(stage_file.read_text())
        said = check(settings)
        if said not in counts:
            print(f"after kill {number} in stage {stages[-1]}: {said}")
            return 1
        counts[said] += 1
    equal = holds_everything(settings, int(kills))
    print(json.dumps({"kills": int(kills), "stages": stages, "equal": equal, **counts}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:5]))

"""Builds an index in a child process and kills it with SIGKILL at every kind of moment.

python -m tests.integration.kill_worker MODELS LIBRARY FOLDER KILLS

Forked, so that a kill costs no new imports; a fresh process would do the same. Before each
round a page of the library changes, so that there is always something to build. After each
kill the index must open and answer, or not exist yet.
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

from cml_mm.engine import Engine
from cml_mm.errors import StoreMissing
from cml_mm.graph.snapshot import CURRENT
from cml_mm.settings import Settings

LONGEST_BUILD_SECONDS = 3.0
FIRST_BUILDS = 4  # kills before anything was ever built


def build_in_child(settings: Settings, stage_file: Path) -> int:
    """Forks a child that builds; returns its process id. The child notes each stage it enters."""
    child = os.fork()
    if child:
        return child
    try:
        Engine.build(settings, lambda what, done, of: stage_file.write_text(what))
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
        child = build_in_child(settings, stage_file)
        if number == FIRST_BUILDS:
            _wait_for(settings.index / CURRENT)  # from here on there is an index to lose
        else:
            time.sleep(chance.uniform(0.0, LONGEST_BUILD_SECONDS))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        stages.append(stage_file.read_text())
        said = check(settings)
        if said not in counts:
            print(f"after kill {number} in stage {stages[-1]}: {said}")
            return 1
        counts[said] += 1
    print(json.dumps({"kills": int(kills), "stages": stages, **counts}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:5]))

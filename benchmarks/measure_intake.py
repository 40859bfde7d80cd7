"""Opening a small file in a process of its own, against starting Python with NumPy in the same run."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cml_mm.errors import InputError
from cml_mm.media.sandbox import SandboxedReader
from tests.support.made_files import WORDS, pdf_file, word_file

REPEATS = 5


def main(library: Path, index: Path) -> None:
    bare = _cost(lambda: subprocess.run([sys.executable, "-I", "-c", "import numpy"], check=True))
    print(f"starting Python with NumPy: {bare[0]:.2f} CPU-s, {bare[1]:.2f} s")
    files = {
        "a text": WORDS.encode(),
        "a PDF of one page": pdf_file(),
        "a .docx of one page": word_file(),
        "a program, refused": b"\x7fELF\x02\x01\x01" + bytes(99),
    }
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "file")
        for name, data in files.items():
            place.write_bytes(data)
            cpu, wall = _cost(lambda: _open(place))
            print(f"{name}: {cpu:.2f} CPU-s, {wall:.2f} s, {cpu / bare[0]:.1f} times that")


def _open(place: Path) -> None:
    try:
        SandboxedReader().read(place, "file.txt", "file-1", lambda *_: None, lambda: False)
    except InputError:
        return


def _cost(work: Callable[[], object]) -> tuple[float, float]:
    """CPU-seconds of the processes that it starts, and seconds by the clock; the best of some."""
    found = []
    for _ in range(REPEATS):
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        work()
        seconds = time.perf_counter() - begun
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        found.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, seconds))
    return min(cpu for cpu, _ in found), min(seconds for _, seconds in found)

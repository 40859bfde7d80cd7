"""A visitor's file from its bytes to an answer, and what many visitors' files take of the serving process's memory.

python -m benchmarks uploads
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks.libraries import open_or_build
from benchmarks.made_pictures import word
from benchmarks.measure_files import read_gold, read_questions
from cml_mm.engine import Engine
from cml_mm.record import Record
from cml_mm.settings import ROOT, Settings
from cml_mm.talk import Scope
from cml_mm.visits import StoredFile, new_file_id

PAGES = 30
LINES, LINE_CHARS = 44, 84  # of a page
VISITORS, FILES = 12, 10
QUESTION_SECONDS = 3.0  # limit of a question
SERVING_MB = 1024.0  # limit of the serving process
READ_CPU_SECONDS = 20.0  # limit of a 30-page PDF, from bytes to ready
FIRST = "a" * 40  # a visitor's key


def main(library: Path, index: Path) -> None:
    settings = replace(Settings.load(), index=index, libraries=(library,))
    open_or_build(settings).close()
    with tempfile.TemporaryDirectory() as scratch:  # a process of its own: building has made this one large
        command = [sys.executable, "-m", "benchmarks.measure_uploads", str(index), str(library), scratch]
        subprocess.run(command, check=True, cwd=ROOT)


def measure(settings: Settings) -> None:
    """Prints every figure with its share of the limit."""
    import gradio  # noqa: F401  the serving process has the page's libraries in memory, too

    with Engine.open(settings) as engine:
        engine.warm()
        before = _memory_mb()
        content = engine.files.inbox() / "content"
        content.write_bytes(made_pdf(1))
        wall, own, others = _costs(lambda: engine.files.add(FIRST, "book.pdf", content, _silent, lambda: False))
        (card,) = engine.files.files(FIRST)
        print(
            f"a PDF of {card.pages} pages, {card.size_bytes / 1000:.0f} kB: ready after {wall:.1f} s;"
            f" {own:.1f} CPU-s here and {others:.1f} in the reading process, {_of(own + others, READ_CPU_SECONDS)}"
        )
        _measure_questions(engine)
        stored = engine.bring([_written(settings.data / f"{number}.pdf", made_pdf(number)) for number in range(FILES)])
        _keep_copies(settings, stored)
        for visitor in map(_visitor, range(VISITORS)):
            for question in ("Who decides about money?", "How are disputes settled?"):
                engine.answer(question, scope=Scope("both", visitor))
        after, chunks = _memory_mb(), VISITORS * sum(len(file.chunks) for file in stored)
        print(
            f"{VISITORS} visitors with {FILES} such files each ({chunks} chunks): {before:.0f} MB before,"
            f" {after:.0f} MB after, {1024 * (after - before) / chunks:.1f} kB a chunk; {_of(after, SERVING_MB)}"
        )
        first = _visitor(0)
        wall, *_ = _costs(lambda: engine.answer("Who may use the tools?", scope=Scope("both", first)))
        engine.files.forget(first)
        print(f"a question among {FILES} such files: {wall:.2f} s, {_of(wall, QUESTION_SECONDS)}")


def _measure_questions(engine: Engine) -> None:
    questions = [one.question for one in read_questions()]
    scope = Scope("both", FIRST)
    costs = [_costs(partial(engine.answer, one, scope=scope)) for one in questions[:21]]
    first, later = costs[0], sorted(wall for wall, *_ in costs[1:])
    print(
        f"the first question about it: {first[0]:.2f} s ({first[1]:.2f} CPU-s), {_of(first[0], QUESTION_SECONDS)};"
        f" later ones: median {statistics.median(later):.2f} s, worst {later[-1]:.2f} s"
        f" ({max(own for _, own, _ in costs[1:]):.2f} CPU-s), {_of(later[-1], QUESTION_SECONDS)}"
    )


def _keep_copies(settings: Settings, stored: tuple[StoredFile, ...]) -> None:
    """The same files for every visitor, as if each had brought them."""
    record = Record(settings.data, settings.keep_files_seconds, settings.keep_talks_seconds, settings.limits)
    for visitor in map(_visitor, range(VISITORS)):
        for file in stored:
            name = new_file_id()
            chunks = tuple(replace(one, id=one.id.replace(one.file, name), file=name) for one in file.chunks)
            read = replace(file.read, document=replace(file.read.document, slug=name))
            own = replace(file, card=replace(file.card, id=name), read=read, chunks=chunks)
            record.files.keep(visitor, own, _written(record.inbox / name, name.encode()))
    record.close()


def made_pdf(seed: int, pages: int = PAGES) -> bytes:
    """Pages full of text: passages of benchmarks/file_links.jsonl, each followed by words that mean nothing."""
    chance, gold = random.Random(seed), read_gold()
    lines: list[str] = []
    while len(lines) < LINES * pages:
        noise = " ".join(word(chance) for _ in range(60))
        lines += textwrap.wrap(f"{chance.choice(gold).text} {noise}.", LINE_CHARS)
        lines.append("")
    return _pdf([lines[start : start + LINES] for start in range(0, LINES * pages, LINES)])


def _pdf(pages: list[list[str]]) -> bytes:
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode()]
    objects.append(font)
    for number, lines in enumerate(pages):
        head = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F0 3 0 R >> >>"
        objects.append(f"{head} /Contents {5 + 2 * number} 0 R >>".encode())
        shown = b"".join(b"(%s) Tj T*\n" % _escaped(line) for line in lines)
        stream = b"BT /F0 11 Tf 16 TL 60 780 Td\n%sET" % shown
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n" % (size, table, size)
    return data + head + b"startxref\n%d\n%%%%EOF\n" % len(data)


def _escaped(line: str) -> bytes:
    text = line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return text.encode("cp1252", "replace")


def _costs(step: Callable[[], object]) -> tuple[float, float, float]:
    """Seconds by the clock, CPU-seconds of this process, and of processes that it started."""
    wall, cpu = time.perf_counter(), os.times()
    step()
    now = os.times()
    others = now.children_user + now.children_system - cpu.children_user - cpu.children_system
    return time.perf_counter() - wall, now.user + now.system - cpu.user - cpu.system, others


def _memory_mb() -> float:
    """Resident memory of this process now; where that cannot be read, the most it ever had."""
    status = Path("/proc/self/status")
    if status.is_file():
        return int(next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmRSS"))) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def _of(value: float, limit: float) -> str:
    return f"{value / limit:.2f} of the limit"


def _visitor(number: int) -> str:
    return f"{number:040d}"


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _silent(words: str, done: int, of: int) -> None:
    """Nobody listens."""


if __name__ == "__main__":
    place, source, scratch = map(Path, sys.argv[1:4])
    measure(replace(Settings.load(), index=place, libraries=(source,), data=scratch))

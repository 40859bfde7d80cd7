"""A warm question through the engine, the memory of the process that answers, and the dev scores."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from cml_mm.engine import Engine
from cml_mm.errors import StoreMissing
from cml_mm.settings import ROOT, Settings

P95_LIMIT_SECONDS = 1.0
RANK_LIMIT_MS = 60.0
MEMORY_LIMIT_MB = 1000
EVALUATION = ROOT.parent / "shared" / "eval"


def main(library: Path, index: Path) -> None:
    settings = replace(Settings.load(), index=index, libraries=(library,))
    try:
        engine = Engine.open(settings)
    except StoreMissing:
        Engine.build(settings)
        engine = Engine.open(settings)
    with engine:
        questions = _questions(engine)
        engine.warm()
        engine.answer(questions[0])
        seconds = sorted(_timed(engine, question) for question in questions)
        began = time.process_time()
        for question in questions:
            engine.rank(question)
        ranking_ms = (time.process_time() - began) / len(questions) * 1000
    p95 = seconds[min(len(seconds) - 1, int(len(seconds) * 0.95))]
    print(f"{len(seconds)} questions: p50 {seconds[len(seconds) // 2]:.2f} s, p95 {p95:.2f} s", end=" ")
    print(f"= {p95 / P95_LIMIT_SECONDS:.2f} of the limit of {P95_LIMIT_SECONDS:.0f} s")
    print(f"retrieval alone, embedding included: {ranking_ms:.0f} CPU ms = {ranking_ms / RANK_LIMIT_MS:.2f}", end=" ")
    print(f"of the limit of {RANK_LIMIT_MS:.0f} ms")
    peak = _serving_memory_mb(settings)
    print(f"serving process, page and engine: {peak:.0f} MB = {peak / MEMORY_LIMIT_MB:.2f} of {MEMORY_LIMIT_MB} MB")
    if EVALUATION.is_dir():
        _score(settings)


def _timed(engine: Engine, question: str) -> float:
    began = time.perf_counter()
    engine.answer(question)
    return time.perf_counter() - began


def _questions(engine: Engine) -> list[str]:
    path = EVALUATION / "patterns_dev.jsonl"
    if not path.is_file():
        return list(engine.examples())
    return [json.loads(line)["question"] for line in path.read_text("utf-8").splitlines() if line.strip()]


def _serving_memory_mb(settings: Settings) -> float:
    """Resident memory of a process that has the page's libraries and has answered, read from itself."""
    code = (
        "import sys, gradio; from pathlib import Path; from dataclasses import replace;"
        "from cml_mm.engine import Engine; from cml_mm.settings import Settings;"
        "settings = replace(Settings.load(), index=Path(sys.argv[1]));"
        "engine = Engine.open(settings);"
        "[engine.answer(q) for q in (*engine.examples(), 'Wie teilen wir die Arbeit gerechter auf?')];"
        "status = Path('/proc/self/status').read_text();"
        "print([line.split()[1] for line in status.splitlines() if line.startswith('VmHWM')][0])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(settings.index)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return int(ran.stdout.split()[-1]) / 1024


def _score(settings: Settings) -> None:
    questions = EVALUATION / "patterns_dev.jsonl"
    with tempfile.TemporaryDirectory() as scratch:
        for command, scorer in (("rank", "score_patterns.py"), ("ask", "score_answers.py")):
            run = Path(scratch) / f"{command}.jsonl"
            arguments = ["--index", str(settings.index), "--questions", str(questions), "--out", str(run)]
            subprocess.run([sys.executable, "-m", "cml_mm", command, *arguments], check=True, cwd=ROOT)
            subprocess.run([sys.executable, str(EVALUATION / scorer), str(questions), str(run)], check=True)

"""Runs every measurement that this checkout has data for.

python -m benchmarks [NAME …] [--index DIR]

    build      CPU of indexing, stage by stage, and the encoder's share
    fresh      CPU of keeping the index up: nothing, one file changed, added, deleted; the swap
    questions  time of a warm question, memory of the serving process, scores on the dev questions
    tune       the fusion's weights over a grid, on the dev questions
    search     exact vector search against bare NumPy in the same run
    adoption   who uses what: all that is found of ten adopters, and a sample of others, to be read and judged

Without ../shared the shipped library and its example questions are measured instead, and that is said.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks import adoption, measure_build, measure_fresh, measure_questions, measure_search, measure_tuning
from cml_mm.settings import ROOT

MEASUREMENTS = {
    "build": measure_build.main,
    "fresh": measure_fresh.main,
    "questions": measure_questions.main,
    "tune": measure_tuning.main,
    "search": measure_search.main,
    "adoption": adoption.main,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *MEASUREMENTS], help="all, if none is named")
    parser.add_argument("--index", type=Path, help="where to keep the index (else a temporary folder)")
    options = parser.parse_args()
    shared = ROOT.parent / "shared"
    if not shared.is_dir():
        print("../shared is missing: measuring the starter library instead of the full one.", file=sys.stderr)
    library = shared / "commons-library" if shared.is_dir() else ROOT / "indexes" / "starter"
    with tempfile.TemporaryDirectory() as scratch:
        index = options.index or Path(scratch) / "index"
        for name in options.names or list(MEASUREMENTS):
            print(f"\n== {name}", flush=True)
            MEASUREMENTS[name](library, index)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

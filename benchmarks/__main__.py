"""Runs every measurement that this checkout has data for.

python -m benchmarks [NAME …] [--index DIR] [--sets FOLDER …] [--cache DIR]

    build      CPU of indexing, stage by stage, and the encoder's share
    fresh      CPU of keeping the index up: nothing, one file changed, added, deleted; the swap
    questions  time of a warm question, memory of the serving process, scores on the dev questions
    tune       the fusion's weights over a grid, on the dev questions
    search     exact vector search against bare NumPy in the same run
    files      a visitor's files: what a question costs, links to patterns, refusals, made titles
    diagram-links  labels of diagrams and the patterns that they mean: precision and recall by threshold
    diagram-questions  questions to diagrams: rightly answered, the right boxes and arrows cited, by set and kind
    uploads    a visitor's file from its bytes to an answer; memory with many visitors' files
    talk       several needs in one question, and follow-ups that are none, on development questions
    pictures   the same picture again among 2,000, from crops, insets and photos; those never seen
    peers      ours beside LlamaIndex's default retrievers and BM25: the same texts, encoder and run
    ablation   every stage of retrieval left out, on every set; typos and missing titles
    calibrate  only where it is named: fits the weights by which a question is refused, and writes them
    abstention rightly against wrongly refused questions as the threshold moves
    reading    a visitor's PDF: CPU a page as text and as scan, letters recognised rightly
    intake     opening a small file in a process of its own, against starting Python in the same run
    generation writing through the app against bare `generate`: time per token and to the first, same weights
    adoption   who uses what: all that is found of ten adopters, and a sample of others, to be read and judged
    diagrams   diagrams read back by style, from sources and pictures of our own and of ../shared, and what it costs
    speech     words and times heard without a download; CPU a second of sound, Whisper's of true size beside
    lectures   films: changes of slide, words on slides, times of captions by style, ours and ../shared's; cost, memory
    lecture-questions  where something is said in lectures: the first citation against the true seconds
    verify     sentences against their evidence: precision and recall of refusing, kind by kind

Without ../shared the shipped library and its example questions are measured instead, and that is said.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks import (
    ablation,
    adoption,
    calibrate_abstention,
    lectures,
    measure_abstention,
    measure_build,
    measure_diagram_links,
    measure_diagram_questions,
    measure_diagrams,
    measure_files,
    measure_fresh,
    measure_generation,
    measure_intake,
    measure_lecture_questions,
    measure_pictures,
    measure_questions,
    measure_reading,
    measure_search,
    measure_speech,
    measure_talk,
    measure_tuning,
    measure_uploads,
    measure_verify,
    peers,
)
from cml_mm.settings import ROOT

MEASUREMENTS = {
    "build": measure_build.main,
    "fresh": measure_fresh.main,
    "questions": measure_questions.main,
    "tune": measure_tuning.main,
    "search": measure_search.main,
    "files": measure_files.main,
    "diagram-links": measure_diagram_links.main,
    "diagram-questions": measure_diagram_questions.main,
    "uploads": measure_uploads.main,
    "talk": measure_talk.main,
    "abstention": measure_abstention.main,
    "pictures": measure_pictures.main,
    "calibrate": calibrate_abstention.main,
    "reading": measure_reading.main,
    "intake": measure_intake.main,
    "generation": measure_generation.main,
    "adoption": adoption.main,
    "diagrams": measure_diagrams.main,
    "lectures": lectures.main,
    "lecture-questions": measure_lecture_questions.main,
    "verify": measure_verify.main,
    "speech": measure_speech.main,
}
OVER_SETS = {"peers": peers.main, "ablation": ablation.main}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *MEASUREMENTS, *OVER_SETS], help="all, if none is named")
    parser.add_argument("--index", type=Path, help="where to keep the index (else a temporary folder)")
    parser.add_argument("--sets", type=Path, nargs="+", default=[], help="retrieval sets (else those of ../shared)")
    parser.add_argument("--cache", type=Path, help="keeps vectors between runs of peers and ablation")
    options = parser.parse_args()
    shared = ROOT.parent / "shared"
    if not shared.is_dir():
        print("../shared is missing: measuring the starter library instead of the full one.", file=sys.stderr)
    library = shared / "commons-library" if shared.is_dir() else ROOT / "indexes" / "starter"
    with tempfile.TemporaryDirectory() as scratch:
        index = options.index or Path(scratch) / "index"
        for name in options.names or [name for name in (*MEASUREMENTS, *OVER_SETS) if name != "calibrate"]:
            print(f"\n== {name}", flush=True)
            if name in OVER_SETS:
                OVER_SETS[name](library, index, options.sets, options.cache)
            else:
                MEASUREMENTS[name](library, index)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Corrects a kept diagram in a child process and kills it with SIGKILL at many moments.

python -m tests.support.correction_kill_worker FOLDER KILLS

After each kill the record is opened again: the reading must be that of a whole number of
corrections, no fewer than were acknowledged and no more than were begun, and its parts must
belong together.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
import traceback
from pathlib import Path

import numpy as np

from cml_mm.diagrams.values import Diagram, DiagramEdge, DiagramNode, Rename
from cml_mm.diagrams.wording import worded
from cml_mm.engine.correcting import added, edited
from cml_mm.ports import Vectors
from cml_mm.record import Record
from cml_mm.retrieval.file_index import encoded_text
from cml_mm.visits import Chunk, Correction, StoredFile
from tests.support.kept_diagrams import file_with
from tests.support.lettered import Lettered
from tests.support.record_values import ANNA, DAY

FILE = "file-" + "7" * 24
MOST_ACKNOWLEDGED = 4  # before a kill
AFTER_SECONDS = 0.02  # at most this long after the last of them
FIRST = Diagram("Shed", "dot", (DiagramNode("a", "step 0"), DiagramNode("b", "Keys")), (DiagramEdge("e", "a", "b"),))
ENCODER = Lettered()


def encoded(chunks: tuple[Chunk, ...]) -> Vectors:
    return ENCODER.encode_passages([encoded_text(chunk) for chunk in chunks])


def work(data: Path, out: int) -> None:
    """Renames the first box again and again; each is told when it is begun and when it is done."""
    record = Record(data, DAY, DAY)

    def change(stored: StoredFile, kept: tuple[Correction, ...]) -> tuple[StoredFile, tuple[Correction, ...]]:
        count = stored.read.diagrams[0].corrections
        os.write(out, f"begun {count + 1}\n".encode())
        return edited(stored, kept, 0, added((Rename("a", f"step {count + 1}"),)), encoded)

    while True:
        done = record.files.revise(ANNA, FILE, change)
        os.write(out, f"done {done.read.diagrams[0].corrections}\n".encode())


def killed_child(data: Path, chance: random.Random) -> list[str]:
    """Lets a child work, kills it at some moment, and gives what it had said."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        try:
            work(data, writer)
        except BaseException:
            traceback.print_exc()
        os._exit(1)
    os.close(writer)
    said, wanted = [], 1 + chance.randrange(MOST_ACKNOWLEDGED)
    with os.fdopen(reader) as lines:
        for line in lines:
            said.append(line)
            wanted -= line.startswith("done")
            if not wanted:
                break
        time.sleep(chance.uniform(0.0, AFTER_SECONDS))
        os.kill(child, signal.SIGKILL)
        said += list(lines)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        raise RuntimeError(f"the child ended by itself: {status}")
    return said


def wrong(data: Path, least: int, most: int) -> str:
    """What is wrong with what a kill left; empty where all is well."""
    record = Record(data, DAY, DAY)
    try:
        if record.notice:
            return record.notice
        stored = record.files.stored(ANNA, FILE)
        (diagram,) = stored.read.diagrams
        if not least <= diagram.corrections <= most:
            return f"{diagram.corrections} corrections, not {least} to {most}"
        text = stored.read.document.sections[1].text
        if diagram.nodes[0].label != f"step {diagram.corrections}" or text != worded(diagram).text:
            return "the diagram and its words differ"
        if not np.array_equal(stored.vectors, encoded(stored.chunks)) or stored.chunks[1].text != text:
            return "the chunks and their vectors differ"
        taken_back, kept = edited(stored, _corrections(record), 0, lambda edits: (), encoded)
        if kept or taken_back.read.diagrams != (FIRST,):
            return "the first reading is lost"
    finally:
        record.close()
    return ""


def _corrections(record: Record) -> tuple[Correction, ...]:
    """What is kept of earlier corrections, seen by a change that changes nothing."""
    seen: list[tuple[Correction, ...]] = []

    def look(stored: StoredFile, kept: tuple[Correction, ...]) -> tuple[StoredFile, tuple[Correction, ...]]:
        seen.append(kept)
        return stored, kept

    record.files.revise(ANNA, FILE, look)
    return seen[-1]


def main(folder: str, kills: str) -> int:
    data, chance = Path(folder), random.Random(11)
    record = Record(data, DAY, DAY)
    content = record.inbox / "shed.part"
    content.write_bytes(b"a shed")
    record.files.keep(ANNA, file_with(ENCODER, [FIRST], file=FILE), content)
    record.close()
    least = torn = 0
    for number in range(int(kills)):
        said = [line.split() for line in killed_child(data, chance)]
        done = [int(count) for what, count in said if what == "done"]
        begun = [int(count) for what, count in said if what == "begun"]
        least = max([least, *done])
        torn += begun[-1] > least
        if trouble := wrong(data, least, max([least, *begun])):
            print(f"after kill {number}: {trouble}")
            return 1
    print(json.dumps({"kills": int(kills), "corrections": least, "torn": torn}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))

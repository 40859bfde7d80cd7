"""Keeps and deletes files in a child process and kills it with SIGKILL at every kind of moment.

python -m tests.support.record_kill_worker kill FOLDER KILLS
python -m tests.support.record_kill_worker keep FOLDER VISITOR FIRST COUNT

Forked, so that a kill costs no new imports; a fresh process would do the same. After each
kill the record is opened again: every file whose keeping was acknowledged must be whole,
every one whose deletion was acknowledged gone, and nothing else there in part.
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

from cml_mm.record import Record
from cml_mm.visits import Limits, new_file_id
from tests.support.record_values import ANNA, DAY, arrived, content_of, same, stored_file

MOST_ACKNOWLEDGED = 4  # before a kill
AFTER_SECONDS = 0.03  # at most this long after the last of them


def open_record(data: Path) -> Record:
    return Record(data, DAY, DAY, Limits(visitor_files=10_000))


def work(data: Path, first: int, out: int) -> None:
    """Keeps files until it is killed, deleting every third again; each is acknowledged when it is done."""
    record = open_record(data)
    seed = first
    while True:
        stored = stored_file(seed)
        content = arrived(record.inbox, seed)
        os.write(out, f"try {seed} {stored.card.id}\n".encode())
        record.files.keep(ANNA, stored, content)
        os.write(out, f"kept {seed} {stored.card.id}\n".encode())
        if seed % 3 == 0:
            os.write(out, f"delete {seed} {stored.card.id}\n".encode())
            record.files.remove(ANNA, stored.card.id)
            os.write(out, f"deleted {seed} {stored.card.id}\n".encode())
        seed += 1


def killed_child(data: Path, first: int, chance: random.Random) -> list[tuple[str, int, str]]:
    """Lets a child work, kills it at some moment, and tells what it had said."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        try:
            work(data, first, writer)
        except BaseException:
            traceback.print_exc()
        os._exit(1)
    os.close(writer)
    said = []
    wanted = chance.randrange(MOST_ACKNOWLEDGED + 1)
    with os.fdopen(reader) as lines:
        for line in lines if wanted else ():
            said.append(line)
            wanted -= line.startswith(("kept", "deleted"))
            if not wanted:
                break
        time.sleep(chance.uniform(0.0, AFTER_SECONDS))
        os.kill(child, signal.SIGKILL)
        said += list(lines)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        raise RuntimeError(f"the child ended by itself: {status}")
    return [(what, int(seed), file) for what, seed, file in (line.split() for line in said)]


def leftovers(data: Path) -> dict[str, int]:
    """What the kill left behind, before anything is swept."""
    inbox = [path for path in (data / "inbox").rglob("*.part")]
    trash = list((data / "trash").iterdir())
    return {"inbox": len(inbox), "trash": len(trash)}


def check(data: Path, expected: dict[str, int], unsure: set[str]) -> str:
    """What is wrong after a kill; empty where all is well.

    Args:
        expected: seeds of the files that must be there, by id; files found whole are added,
            where they may be there.
        unsure: ids of files that may be there whole, or not at all.
    """
    record = open_record(data)
    try:
        if record.notice:
            return record.notice
        found = {item.card.id: item for item in record.files.load(ANNA)}
        cards = {card.id for card in record.files.cards(ANNA) if card.state == "ready"}
        if cards != set(found):
            return "cards and files differ"
        if missing := set(expected) - unsure - set(found):
            return f"acknowledged and not there: {missing}"
        if strange := set(found) - set(expected):
            return f"there, and should not be: {strange}"
        for file, item in found.items():
            seed = expected[file]
            whole = same(item, stored_file(seed, file=file))
            if not whole or record.files.content(ANNA, file).read_bytes() != content_of(seed):
                return f"{file} is not whole"
        for file in set(expected) - set(found):
            del expected[file]
        folders = {path.name for path in (data / "sessions").glob("*/*")}
        if folders != set(found):
            return f"folders without rows: {folders - set(found)}"
        if left := [*record.inbox.iterdir(), *(data / "trash").iterdir()]:
            return f"left behind: {left}"
        if len(list((data / "inbox").iterdir())) != 2:  # this process's folder and its lock
            return "an inbox was left behind"
    finally:
        record.close()
    return ""


def main_kill(folder: str, kills: str) -> int:
    data = Path(folder)
    chance = random.Random(7)
    expected: dict[str, int] = {}
    counts = {"kept": 0, "deleted": 0, "unsure": 0, "inbox": 0, "trash": 0}
    first = 0
    for number in range(int(kills)):
        said = killed_child(data, first, chance)
        state: dict[str, str] = {}
        for what, seed, file in said:
            state[file] = what
            first = max(first, seed + 1)
            if what == "deleted":
                expected.pop(file, None)
            else:
                expected[file] = seed
            counts[what] = counts.get(what, 0) + 1
        unsure = {file for file, what in state.items() if what in ("try", "delete")}
        counts["unsure"] += len(unsure)
        if data.is_dir() and (data / "trash").is_dir():
            for what, count in leftovers(data).items():
                counts[what] += count
        if wrong := check(data, expected, unsure):
            print(f"after kill {number}, {said[-2:]}: {wrong}")
            return 1
    print(json.dumps({"kills": int(kills), "there": len(expected), **counts}))
    return 0


def main_keep(folder: str, visitor: str, first: str, count: str) -> int:
    record = open_record(Path(folder))
    for seed in range(int(first), int(first) + int(count)):
        record.files.keep(visitor, stored_file(seed, file=new_file_id()), arrived(record.inbox, seed))
    record.close()
    return 0


if __name__ == "__main__":
    raise SystemExit({"kill": main_kill, "keep": main_keep}[sys.argv[1]](*sys.argv[2:]))

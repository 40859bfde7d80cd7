"""kill -9 in the middle of keeping and deleting: acknowledged is acknowledged, the rest cleanly absent."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from cml_mm.record import Record
from tests.support.record_values import ANNA, BERT, DAY, same, stored_file

ROOT = Path(__file__).resolve().parent.parent.parent
WORKER = [sys.executable, "-m", "tests.support.record_kill_worker"]
KILLS = 30


def test_what_was_acknowledged_survives_kill_9_and_the_rest_is_cleanly_absent(tmp_path: Path) -> None:
    done = subprocess.run(
        [*WORKER, "kill", str(tmp_path / "data"), str(KILLS)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    counts = json.loads(done.stdout)
    assert counts["kills"] == KILLS
    assert counts["there"] > 0 and counts["deleted"] > 0
    assert counts["unsure"] > KILLS / 3  # so many kills fell into the middle of something


def test_two_processes_write_at_once(tmp_path: Path) -> None:
    data = tmp_path / "data"
    jobs = [
        subprocess.Popen([*WORKER, "keep", str(data), visitor, first, "15"], cwd=ROOT)
        for visitor, first in ((ANNA, "0"), (BERT, "100"))
    ]
    assert [job.wait() for job in jobs] == [0, 0]
    record = Record(data, DAY, DAY)
    try:
        for visitor, first in ((ANNA, 0), (BERT, 100)):
            found = {int(item.card.name.split("-")[1].split(".")[0]): item for item in record.files.load(visitor)}
            assert sorted(found) == list(range(first, first + 15))
            assert all(same(item, stored_file(seed, file=item.card.id)) for seed, item in found.items())
        assert record.sweep().folders == 0
    finally:
        record.close()

"""kill -9 during 30 uploads to the real app: acknowledged is acknowledged, the rest cleanly absent."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cml_mm.settings import Settings
from tests.support.uploads import EACH, VISITORS, kill_rounds


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_acknowledged_uploads_survive_kill_9_and_the_others_are_cleanly_absent(
    tmp_path: Path, settings: Settings
) -> None:
    tally = kill_rounds(tmp_path, settings, rounds=1, most=8)
    assert tally.wrong == []
    assert tally.uploads == VISITORS * EACH == 30
    assert tally.acknowledged > 0 and tally.absent > 0  # the kill came in the middle
    assert tally.children > 0 or not Path("/proc").is_dir()

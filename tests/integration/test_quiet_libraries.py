"""Libraries that would report home or keep a diary of their own do neither."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cml_mm.settings import Settings
from tests.support.server import ROOT

ENCODE = "from cml_mm.models.minilm import MiniLM; MiniLM(Path(sys.argv[1])).encode_query('who decides?')"
RECOGNISE = (
    "import numpy; from cml_mm.models.rapid_ocr import RapidOcr;"
    "RapidOcr().recognise(numpy.full((60, 200, 3), 255, numpy.uint8))"
)


@pytest.mark.parametrize("work", [ENCODE, RECOGNISE])
def test_a_model_writes_nothing_to_the_home_and_temporary_folders(tmp_path: Path, work: str, encoder: object) -> None:
    places = {name: str(tmp_path) for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "TEMP", "TMP", "LOCALAPPDATA")}
    environ = {**os.environ, **places, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    environ.pop("ORT_DISABLE_TELEMETRY", None)  # set in this process by now
    command = [sys.executable, "-c", f"import sys; from pathlib import Path; {work}", str(Settings.load().models)]
    subprocess.run(command, check=True, env=environ, cwd=ROOT)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

"""The app as a visitor meets it: a process of its own on a free port, with its own data."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

ROOT = Path(__file__).resolve().parents[2]
FAKE = ("-m", "tests.support.fake_app")
REAL = ("-m", "tests.support.alone")  # app.py with every way off this machine refused


@dataclass(frozen=True)
class Served:
    """A running app."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def health(self) -> dict[str, object]:
        """What /healthz says; empty while nothing answers."""
        try:
            with urllib.request.urlopen(f"{self.url}healthz", timeout=5) as answer:
                return dict(json.load(answer))
        except (URLError, ConnectionError, TimeoutError):
            return {}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    command: tuple[str, ...],
    data: Path,
    environ: Mapping[str, str] | None = None,
    ready: bool = True,
    seconds: float = 300,
) -> Iterator[Served]:
    """Starts the app and waits until it answers, and, if asked, until its library is open.

    Args:
        command: what Python runs, FAKE or REAL.
        data: an empty folder for everything that is written.
        environ: further settings.
    """
    port = free_port()
    env = {
        **os.environ,
        "CML_PORT": str(port),
        "CML_INDEX": str(data / "index"),
        "CML_DATA": str(data / "data"),
        "GRADIO_TEMP_DIR": str(data / "gradio"),
        "HF_HUB_OFFLINE": "1",
        "PYTHONPATH": str(ROOT),
        **(environ or {}),
    }
    log = data / "app.log"
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=env, stdout=out, stderr=out)
        served = Served(f"http://127.0.0.1:{port}/", process, log)
        try:
            _wait(served, ready, seconds)
            yield served
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(served: Served, ready: bool, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if served.process.poll() is not None:
            break
        health = served.health()
        if health.get("ready") or (health and not ready):
            return
        time.sleep(0.1)
    raise RuntimeError(f"The app did not start:\n{served.log.read_text(errors='replace')[-3000:]}")

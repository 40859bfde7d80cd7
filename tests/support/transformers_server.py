"""The OpenAI-compatible server that comes with Transformers, on this machine, with a checkpoint from a folder."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError

from tests.support.server import ROOT, free_port

_LONGEST_SECONDS = 300.0  # to import everything and load a tiny model, on a busy machine


@contextmanager
def transformers_server(checkpoint: Path, log: Path) -> Iterator[str]:
    """Runs `transformers serve` until the end of the block.

    Args:
        checkpoint: a folder in hub format; it is the model's name as well.
        log: where its output goes.

    Yields: the API's address.
    """
    port = free_port()
    command = [sys.executable, "-m", __name__, "serve", str(checkpoint), "--port", str(port), "--host", "127.0.0.1"]
    env = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "PYTHONPATH": str(ROOT)}
    with log.open("wb") as out:
        process = subprocess.Popen([*command, "--device", "cpu"], cwd=ROOT, env=env, stdout=out, stderr=out)
        try:
            _wait(f"http://127.0.0.1:{port}/health", process, log)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _LONGEST_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"transformers serve did not start:\n{log.read_text(errors='replace')[-3000:]}")


def _open_pictures_with_pillow(checkpoint: str) -> None:
    """Where torchvision's compiled part is for CUDA only, the server could open no picture that it is sent.

    Registers the checkpoint's own picture processor anew, with Pillow to open the files.
    """
    from transformers import AutoConfig, AutoImageProcessor
    from transformers.image_utils import load_image

    try:
        own = type(AutoImageProcessor.from_pretrained(checkpoint))
    except (OSError, ValueError):
        return  # it does not see

    def fetch(self: object, images: Any) -> Any:
        return [fetch(self, image) for image in images] if isinstance(images, list | tuple) else load_image(images)

    opening = type(own.__name__, (own,), {"fetch_images": fetch, "__module__": __name__})
    config = type(AutoConfig.from_pretrained(checkpoint))
    AutoImageProcessor.register(config, image_processor_classes={"torchvision": opening}, exist_ok=True)


if __name__ == "__main__":
    from cml_mm.models import torchvision_ops

    if torchvision_ops.declare():
        _open_pictures_with_pillow(sys.argv[2])
    from transformers.cli.transformers import main

    main()

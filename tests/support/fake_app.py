"""The app over the fake engine, for the browser tests: `python -m tests.support.fake_app`.

FAKE_PACE, FAKE_PATTERNS and FAKE_OPENING (seconds that opening takes) choose its ways.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import app
from cml_mm.errors import CmlError, StoreCorrupt
from cml_mm.ports import Desk
from tests.support.fake_engine import FakeEngine


@contextmanager
def _opened() -> Iterator[Desk]:
    seconds = float(os.environ.get("FAKE_OPENING", "0"))
    if seconds < 0:
        raise StoreCorrupt("The index is damaged.", "Build it again: cml index")
    time.sleep(seconds)
    yield FakeEngine(float(os.environ.get("FAKE_PACE", "0.05")), int(os.environ.get("FAKE_PATTERNS", "3616")))


def opener(tell: Callable[[str], None]) -> AbstractContextManager[Desk]:
    tell("Opening the library")
    return _opened()


if __name__ == "__main__":
    try:
        app.launch(opener=opener)
    except CmlError as error:
        print(error.message, error.hint, sep="\n", file=sys.stderr)
        sys.exit(1)

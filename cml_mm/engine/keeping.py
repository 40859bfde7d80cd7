"""Keeps an open engine up with its library and its index while it serves."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

from cml_mm.engine.engine import Engine
from cml_mm.errors import CmlError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cml_mm.graph.section_vectors import Progress

log = logging.getLogger("cml")
LOOK_SECONDS = 2.0
AGAIN_SECONDS = 10.0  # until reading deeper is tried again, where another process was writing


def keep_up(engine: Engine, progress: Progress, tell: Callable[[str], None], closing: threading.Event) -> None:
    """Brings the index up to date once, reads deeper, then watches for indexes that others build.

    Whatever fails is logged and the engine goes on with what it has.

    Args:
        engine: open and serving.
        progress: for building and reading deeper.
        tell: the state in words.
        closing: ends it.
    """
    _tried("Bringing the index up to date", lambda: engine.update(progress))
    while not closing.is_set():
        if not engine.status().complete:
            tell("Reading deeper")
            _tried("Reading deeper", lambda: engine.deepen(progress, closing.is_set))
        again = time.monotonic() + AGAIN_SECONDS
        while not closing.wait(LOOK_SECONDS):
            unfinished = time.monotonic() > again and not engine.status().complete
            if _tried("Opening the new index", engine.refresh) or unfinished:
                break


def _tried(what: str, step: Callable[[], bool | None]) -> bool:
    try:
        return bool(step())
    except CmlError as error:  # another process may be writing, or the library be out of reach
        log.warning("%s was not possible now. %s", what, error)
    except Exception:  # the app goes on serving what it has, and looks again later
        log.exception("%s failed.", what)
    return False

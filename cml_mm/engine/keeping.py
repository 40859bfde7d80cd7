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
SWEEP_SECONDS = 60.0  # between two looks for what has expired
AGAIN_SECONDS = 10.0  # until reading deeper is tried again, where another process was writing


def keep_clean(engine: Engine, closing: threading.Event, every_seconds: float = SWEEP_SECONDS) -> None:
    """Deletes what has expired, at once and then every minute; reading deeper may take an hour, this may not.

    Args:
        engine: open and serving.
        closing: ends it.
        every_seconds: between two looks.
    """
    while not closing.is_set():
        _tried("Deleting what has expired", engine.sweep)
        closing.wait(every_seconds)


def keep_up(engine: Engine, progress: Progress, tell: Callable[[str], None], closing: threading.Event) -> None:
    """Brings the index up to date once, reads deeper, then watches for indexes that others build.

    Whatever fails is logged and the engine goes on with what it has.

    Args:
        engine: open and serving.
        progress: for building and reading deeper.
        tell: the state in words.
        closing: ends it.
    """
    threading.Thread(target=keep_clean, args=(engine, closing), name="cml-sweeping", daemon=True).start()
    _tried("Bringing the index up to date", lambda: engine.update(progress))
    while not closing.is_set():
        if not engine.status().complete:
            tell("Reading deeper")
            _tried("Reading deeper", lambda: engine.deepen(progress, closing.is_set))
        _tried("Looking at the patterns", lambda: engine.look_at_patterns(closing.is_set))
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

"""The engine, opened in the background: the page is served before the library is read."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

from cml_mm.errors import CmlError, StoreError
from cml_mm.ports import Desk

log = logging.getLogger(__name__)
Tell = Callable[[str], None]


class Opening:
    """Opens an engine in a thread of its own and holds it open until `close`.

    Args:
        opener: given a function to tell progress in words, returns the opened engine.
    """

    def __init__(self, opener: Callable[[Tell], AbstractContextManager[Desk]]) -> None:
        self._opener = opener
        self._settled = threading.Event()
        self._closing = threading.Event()
        self._asker: Desk | None = None
        self._thread = threading.Thread(target=self._hold, name="cml-opening", daemon=True)
        self.words = "Opening the library"
        self.error: CmlError | None = None

    @classmethod
    def of(cls, asker: Desk) -> Opening:
        """An Opening that is over: for an engine that is open already, and stays its owner's."""
        opening = cls(lambda _tell: _Held(asker))
        opening._asker = asker
        opening._settled.set()
        return opening

    @property
    def ready(self) -> bool:
        return self._asker is not None

    def start(self) -> Opening:
        self._thread.start()
        return self

    def wait(self, timeout: float | None = None) -> bool:
        """Returns: whether opening has ended, well or badly."""
        return self._settled.wait(timeout)

    def asker(self) -> Desk:
        """The engine. Waits for it; raises what went wrong."""
        self._settled.wait()
        if self._asker is None:
            raise self.error or StoreError("The library is closed.", "Start the app again.")
        return self._asker

    def close(self) -> None:
        """Closes the engine and waits for it."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _tell(self, words: str) -> None:
        self.words = words

    def _hold(self) -> None:
        try:
            with self._opener(self._tell) as asker:
                self._asker = asker
                self._settled.set()
                self._closing.wait()
        except CmlError as error:
            self.error = error
        except Exception as error:  # a thread must not die silently: the log has it, the reader gets the reference
            reference = f"{id(error) & 0xFFFF:04X}"
            log.exception("Opening the library failed, reference %s", reference)
            self.error = StoreError(
                "The library could not be opened.", f"The log holds the details under reference {reference}."
            )
        finally:
            self._asker = None
            self._settled.set()


class _Held:
    """A context that gives what it has and closes nothing."""

    def __init__(self, asker: Desk) -> None:
        self._asker = asker

    def __enter__(self) -> Desk:
        return self._asker

    def __exit__(self, *_: object) -> None:
        return None

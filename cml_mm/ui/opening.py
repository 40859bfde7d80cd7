"""The engine, opened in the background: the page is served before the library is read."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

from cml_mm.errors import CmlError, InputError, StoreError
from cml_mm.ports import Desk

log = logging.getLogger(__name__)
Tell = Callable[[str], None]
Opener = Callable[[Tell], AbstractContextManager[Desk]]
GRACE_SECONDS = 180.0  # in which an engine that was replaced ends the answers that it has begun


class Opening:
    """Opens an engine in a thread of its own and holds it open until `close`.

    Args:
        opener: given a function to tell progress in words, returns the opened engine.
        choosing: the opener of an engine with another profile; None where none may be chosen.
    """

    def __init__(self, opener: Opener, choosing: Callable[[str], Opener] | None = None) -> None:
        self._choosing = choosing
        self._changing = threading.Lock()
        self._holding = _Holding(opener, self._tell)
        self._left: list[tuple[_Holding, threading.Timer]] = []
        self.words = "Opening the library"

    @classmethod
    def of(cls, asker: Desk) -> Opening:
        """An Opening that is over: for an engine that is open already, and stays its owner's."""
        opening = cls(lambda _tell: _Held(asker))
        opening._holding.asker = asker
        opening._holding.settled.set()
        return opening

    @property
    def ready(self) -> bool:
        return self._holding.asker is not None

    @property
    def error(self) -> CmlError | None:
        """What went wrong, where the engine could not be opened."""
        return self._holding.error

    @property
    def may_choose(self) -> bool:
        """Whether another profile may be taken into use."""
        return self._choosing is not None

    def start(self) -> Opening:
        self._holding.thread.start()
        return self

    def wait(self, timeout: float | None = None) -> bool:
        """Returns: whether opening has ended, well or badly."""
        return self._holding.settled.wait(timeout)

    def asker(self) -> Desk:
        """The engine. Waits for it; raises what went wrong."""
        holding = self._holding
        holding.settled.wait()
        if holding.asker is None:
            raise holding.error or StoreError("The library is closed.", "Start the app again.")
        return holding.asker

    def choose(self, profile: str) -> None:
        """Opens an engine with another profile and takes it into use for everybody.

        The one before answers the questions that it has begun, and is closed a while later.

        Raises: InputError: that may not be done here. CmlError: it cannot be opened; the one in use stays.
        """
        if self._choosing is None:
            raise InputError(
                "Another profile cannot be chosen on this page.", "Whoever runs the app can set CML_PROFILE."
            )
        with self._changing:
            following = _Holding(self._choosing(profile), lambda _words: None)
            following.thread.start()
            following.settled.wait()
            if following.asker is None:
                raise following.error or StoreError("The library is closed.", "Start the app again.")
            before, self._holding = self._holding, following
            timer = threading.Timer(GRACE_SECONDS, before.close)
            timer.daemon = True
            timer.start()
            self._left = [(old, its) for old, its in self._left if its.is_alive()] + [(before, timer)]

    def close(self) -> None:
        """Closes the engine, and those before it, and waits for them."""
        for before, timer in self._left:
            timer.cancel()
            before.close()
        self._holding.close()

    def _tell(self, words: str) -> None:
        self.words = words


class _Holding:
    """One engine, open in a thread of its own until `close`."""

    def __init__(self, opener: Opener, tell: Tell) -> None:
        self._opener = opener
        self._tell = tell
        self._closing = threading.Event()
        self.settled = threading.Event()
        self.asker: Desk | None = None
        self.error: CmlError | None = None
        self.thread = threading.Thread(target=self._hold, name="cml-opening", daemon=True)

    def close(self) -> None:
        self._closing.set()
        if self.thread.is_alive():
            self.thread.join(timeout=10)

    def _hold(self) -> None:
        try:
            with self._opener(self._tell) as asker:
                self.asker = asker
                self.settled.set()
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
            self.asker = None
            self.settled.set()


class _Held:
    """A context that gives what it has and closes nothing."""

    def __init__(self, asker: Desk) -> None:
        self._asker = asker

    def __enter__(self) -> Desk:
        return self._asker

    def __exit__(self, *_: object) -> None:
        return None

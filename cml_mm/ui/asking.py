"""Drives the engine for one turn: waiting in line, streaming, stopping, and words for every failure."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Generator
from dataclasses import replace

from cml_mm.errors import CmlError, InputError, ModelError
from cml_mm.talk import LIBRARY_ONLY, NO_TALK, Scope, Talk
from cml_mm.types import Step
from cml_mm.ui.desk import Desk, Seat
from cml_mm.ui.opening import Opening
from cml_mm.ui.turns import Trouble, Turn, stopped

log = logging.getLogger(__name__)

OPENING = "Opening the library"


def answer_turn(
    opening: Opening,
    desk: Desk,
    turn: Turn,
    stop: threading.Event,
    talk: Talk = NO_TALK,
    scope: Scope = LIBRARY_ONLY,
) -> Generator[Turn, None, None]:
    """Yields the turn after each thing that happened; the last one is done.

    Closing the iterator, as a dropped connection does, stops the engine too.
    """
    try:
        with desk.seat() as seat:
            turn = yield from _in_line(seat, turn, stop)
            turn = yield from _ready(opening, turn, stop)
            if not stop.is_set():
                for event in opening.asker().ask(turn.question, stop.is_set, talk, scope):
                    turn = turn.moved(event)
                    yield turn
        if turn.busy:
            yield turn.ended(stopped(turn.sentences))
    except GeneratorExit:
        stop.set()
        raise
    except InputError as error:
        yield turn.ended(Trouble("advice", error.message, error.hint))
    except ModelError as error:
        yield turn.ended(Trouble("model", error.message, error.hint, _logged(error)))
    except CmlError as error:
        reference = _logged(error)
        yield turn.ended(Trouble("ours", error.message, error.hint, reference))
    except Exception as error:  # the reader gets a sentence and a reference, the log the details
        reference = _logged(error)
        yield turn.ended(Trouble("ours", "Something went wrong here, not with you", "", reference))


def _in_line(seat: Seat, turn: Turn, stop: threading.Event) -> Generator[Turn, None, Turn]:
    """Tells the place in the line whenever it changes, until it is our turn."""
    told = 0
    while not stop.is_set() and (place := seat.place()):
        if place != told:
            told = place
            turn = replace(turn, phase="waiting", place=place, wait=seat.wait_seconds(place))
            yield turn
    return turn


def _ready(opening: Opening, turn: Turn, stop: threading.Event) -> Generator[Turn, None, Turn]:
    """Waits for the library, where it is still being opened."""
    if opening.wait(0):
        return turn
    turn = turn.moved(Step(OPENING))
    yield turn
    while not stop.is_set() and not opening.wait(0.2):
        pass
    turn = turn.moved(Step(OPENING, done=True))
    yield turn
    return turn


def _logged(error: Exception) -> str:
    reference = secrets.token_hex(2).upper()
    log.error("Answering failed, reference %s", reference, exc_info=error)
    return reference

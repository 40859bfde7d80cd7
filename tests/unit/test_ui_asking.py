"""Waiting in line, streaming, stopping, and a sentence for every failure. No browser, no Gradio."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

import pytest

from cml_mm.errors import StoreCorrupt, StoreError
from cml_mm.ports import Asker
from cml_mm.ui.asking import answer_turn
from cml_mm.ui.desk import Desk
from cml_mm.ui.opening import Opening
from cml_mm.ui.turns import Turn
from tests.support.fake_engine import FakeEngine


def _open() -> Opening:
    return Opening.of(FakeEngine(pace=0))


def _last(question: str) -> Turn:
    *_, last = answer_turn(_open(), Desk(), Turn(1, question), threading.Event())
    return last


def test_the_turn_grows_and_ends() -> None:
    turns = list(answer_turn(_open(), Desk(), Turn(1, "What helps?"), threading.Event()))
    counts = [len(turn.sentences) for turn in turns]
    assert counts == sorted(counts)
    assert [turn.busy for turn in turns][-2:] == [True, False]
    assert turns[-1].answer is not None


def test_stop_ends_it_and_keeps_what_was_written() -> None:
    stop = threading.Event()
    last = Turn(1, "")
    for last in answer_turn(_open(), Desk(), Turn(1, "What helps?"), stop):
        if len(last.sentences) == 2:
            stop.set()
    assert len(last.sentences) == 2
    assert last.trouble is not None
    assert last.trouble.kind == "stopped"


def test_closing_the_stream_stops_the_engine_and_frees_the_seat() -> None:
    desk, stop = Desk(seats=1), threading.Event()
    stream = answer_turn(_open(), desk, Turn(1, "What helps?"), stop)
    next(stream)
    stream.close()
    assert stop.is_set()
    with desk.seat() as seat:
        assert seat.place(0) == 0


@pytest.mark.parametrize(
    ("question", "kind", "title"),
    [
        ("!!!", "advice", "There are no words in this question."),
        ("store", "ours", "There is no index at /nowhere."),
        ("fault", "ours", "Something went wrong here, not with you"),
    ],
)
def test_every_failure_has_a_sentence(question: str, kind: str, title: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        last = _last(question)
    assert last.trouble is not None
    assert (last.trouble.kind, last.trouble.title) == (kind, title)
    assert "secret" not in last.trouble.text
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert (kind == "ours") == bool(logged)
    assert last.trouble.reference in logged


def test_the_line_is_fair_and_tells_places() -> None:
    desk = Desk(seats=1)
    with ExitStack() as seated:
        first = seated.enter_context(desk.seat())
        assert first.place(0) == 0
        with desk.seat() as second, desk.seat() as third:
            assert (second.place(0), third.place(0)) == (1, 2)
        # Both have left without being served.
        with desk.seat() as fourth:
            assert fourth.place(0) == 1
            assert fourth.wait_seconds(3) == 0  # nobody has been answered yet
            leaving = threading.Timer(0.05, seated.close)
            leaving.start()
            assert fourth.place(5) == 0
            leaving.join()
            assert fourth.wait_seconds(3) > 0


def test_a_question_is_taken_once_and_stops_by_its_session() -> None:
    desk = Desk()
    assert desk.take("a") is None
    desk.expect("a")
    desk.expect("b")
    flag = desk.take("a")
    assert flag is not None
    assert desk.take("a") is None
    desk.stop("b")
    assert not flag.is_set()
    desk.stop("a")
    assert flag.is_set()
    desk.expect("a")
    desk.done("a", flag)  # an older question's end does not touch the newer one
    assert desk.expects("a")
    desk.done("a")
    assert not desk.expects("a")


def _opener(
    gate: threading.Event, error: Exception | None = None
) -> Callable[[Callable[[str], None]], AbstractContextManager[Asker]]:
    @contextmanager
    def opened(tell: Callable[[str], None]) -> Iterator[Asker]:
        tell("Building the index: 40 %")
        gate.wait(10)
        if error:
            raise error
        yield FakeEngine(pace=0)

    return opened


def test_a_question_asked_before_the_library_is_open_waits_for_it() -> None:
    gate = threading.Event()
    opening = Opening(_opener(gate)).start()
    stream = answer_turn(opening, Desk(), Turn(1, "What helps?"), threading.Event())
    assert next(stream).steps[0].name == "Opening the library"
    assert not opening.ready
    gate.set()
    *_, last = stream
    assert last.answer is not None
    opening.close()
    assert not opening.ready


def test_what_went_wrong_while_opening_is_kept_for_everyone(caplog: pytest.LogCaptureFixture) -> None:
    gate = threading.Event()
    gate.set()
    corrupt = StoreCorrupt("The index is damaged.", "Build it again.")
    opening = Opening(_opener(gate, corrupt)).start()
    assert opening.wait(10)
    assert opening.error is corrupt
    with pytest.raises(StoreCorrupt):
        opening.asker()
    broken = Opening(_opener(gate, RuntimeError("inner"))).start()
    assert broken.wait(10)
    assert isinstance(broken.error, StoreError)
    assert "inner" not in str(broken.error)
    assert any("reference" in record.getMessage() for record in caplog.records)

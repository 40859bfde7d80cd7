"""Who answers: shown on the page about the library, and another profile taken into use where that is allowed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from cml_mm.errors import InputError, ModelMissing
from cml_mm.types import ProfileState
from cml_mm.ui.frame import Library, header_html
from cml_mm.ui.library_page import LibraryPage
from cml_mm.ui.opening import Opener, Opening
from cml_mm.ui.profiles_view import profiles_html
from tests.support.fake_engine import PROFILES, FakeEngine
from tests.support.fake_library import STATUS


class NamedEngine(FakeEngine):
    """One whose profile in use can be told."""

    def __init__(self, name: str) -> None:
        super().__init__(pace=0)
        self.name = name

    def profiles(self) -> tuple[ProfileState, ...]:
        return tuple(replace(profile, in_use=profile.name == self.name) for profile in super().profiles())


class Engines:
    """Opens engines by name and notes when each is closed."""

    def __init__(self) -> None:
        self.closed: list[str] = []

    def opener(self, name: str) -> Opener:
        @contextmanager
        def opened(tell: Callable[[str], None]) -> Iterator[FakeEngine]:
            if name == "laptop":
                raise ModelMissing("The weights are not here.", "Run: cml models get small")
            yield NamedEngine(name)
            self.closed.append(name)

        return opened


@pytest.fixture
def engines() -> Engines:
    return Engines()


@pytest.fixture
def opening(engines: Engines) -> Iterator[Opening]:
    opened = Opening(engines.opener("embedded"), engines.opener).start()
    opened.wait()
    yield opened
    opened.close()


def in_use(opening: Opening) -> str:
    return next(profile.name for profile in opening.asker().profiles() if profile.in_use)


def test_the_page_says_who_answers_and_what_each_other_choice_lacks() -> None:
    page = profiles_html(PROFILES, may_choose=True)
    assert "<b>Nothing to download</b> (embedded)." in page
    assert "no language model writes them" in page
    assert "The weights of ORG/small are not here." in page
    assert "<code>cml models get small</code>" in page
    assert "<code>CML_PROFILE=gpu</code>" in page
    assert "A &lt;laptop&gt;" in page and "<laptop>" not in page
    assert page.count('data-lib="use"') == 1
    assert 'data-lib="use" data-name="ours"' in page


def test_where_nobody_may_choose_there_is_no_button() -> None:
    page = profiles_html(PROFILES, may_choose=False)
    assert 'data-lib="use"' not in page
    assert "CML_PROFILE" in page


def test_a_model_that_writes_is_named_on_every_page() -> None:
    used = replace(PROFILES[1], in_use=True)
    assert "small writes the answers; each sentence is checked" in profiles_html((used,), may_choose=False)
    head = header_html(Library("", STATUS, writer="small <2B>"))
    assert "small &lt;2B&gt;</a> writes" in head
    assert 'data-lib="about"' in head
    assert "works offline" not in head


def test_a_hostile_name_stays_text() -> None:
    bad = replace(PROFILES[2], title="<img src=x>", name='"><script>', about="`<b>`", in_use=False)
    page = profiles_html((PROFILES[0], bad), may_choose=True)
    assert "<img" not in page and "<script" not in page and "<b>`" not in page


def test_choosing_takes_another_into_use_and_the_one_before_still_answers(opening: Opening, engines: Engines) -> None:
    before = opening.asker()
    page = LibraryPage(opening)
    got = page.use({"name": "ours"})
    assert got["said"] == "In use now: Ours."
    assert "<b>Ours</b> (ours)." in got["page"] and "In use now: Ours." in got["page"]
    assert in_use(opening) == "ours"
    assert engines.closed == []
    assert before.status()
    opening.close()
    assert sorted(engines.closed) == ["embedded", "ours"]


@pytest.mark.parametrize("name", ["laptop", "gpu", "nowhere", ""])
def test_what_is_missing_or_does_not_fit_cannot_be_chosen(opening: Opening, name: str) -> None:
    got = LibraryPage(opening).use({"name": name})
    assert got["said"] == "This choice cannot be used as it is."
    assert in_use(opening) == "embedded"


def test_one_that_cannot_be_opened_leaves_the_one_in_use(opening: Opening) -> None:
    with pytest.raises(ModelMissing):
        opening.choose("laptop")
    assert in_use(opening) == "embedded"


def test_only_where_the_operator_allows_it() -> None:
    closed = Opening.of(NamedEngine("embedded"))
    assert not closed.may_choose
    with pytest.raises(InputError, match="cannot be chosen on this page"):
        closed.choose("ours")
    got = LibraryPage(closed).use({"name": "ours"})
    assert "cannot be chosen on this page" in got["page"]


def test_two_who_choose_at_once_take_turns(opening: Opening, engines: Engines) -> None:
    threads = [threading.Thread(target=opening.choose, args=(name,)) for name in ("ours", "embedded", "ours")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert in_use(opening) in ("ours", "embedded")
    opening.close()
    assert len(engines.closed) == 4

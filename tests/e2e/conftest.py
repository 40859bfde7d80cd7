"""The app in a browser: over the fake engine for every state, over the real one for the whole way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is missing")

from playwright.sync_api import Browser, Page

from tests.e2e.journey import open_page
from tests.support.browser import DESKTOP, PHONE, Watch, chromium, chromium_path, watched_page
from tests.support.server import FAKE, REAL, Served, serving


# Per package, not per session: Playwright keeps an event loop running in this thread, and tests
# elsewhere need their own.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if chromium_path() is None:
        pytest.skip("Chromium is missing: apt-get install chromium")
    with chromium() as started:
        yield started


@pytest.fixture(scope="package")
def fake_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(FAKE, tmp_path_factory.mktemp("fake")) as served:
        yield served


@pytest.fixture(scope="package")
def starter_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The app as the README starts it; it builds the starter index itself."""
    with serving(REAL, tmp_path_factory.mktemp("starter")) as served:
        yield served


@pytest.fixture(params=["fake", "starter"])
def any_app(request: pytest.FixtureRequest) -> Served:
    served: Served = request.getfixturevalue(f"{request.param}_app")
    return served


def _visit(browser: Browser, served: Served, size: tuple[int, int]) -> Iterator[Page]:
    with watched_page(browser, served.url, size) as (page, watch):
        open_page(page, served.url)
        yield page
        watch.check()


@pytest.fixture
def page(browser: Browser, fake_app: Served) -> Iterator[Page]:
    """A visitor at a desk, over the fake engine."""
    yield from _visit(browser, fake_app, DESKTOP)


@pytest.fixture
def phone(browser: Browser, fake_app: Served) -> Iterator[Page]:
    yield from _visit(browser, fake_app, PHONE)


@pytest.fixture
def any_page(browser: Browser, any_app: Served) -> Iterator[Page]:
    """A visitor at a desk, over both engines."""
    yield from _visit(browser, any_app, DESKTOP)


@pytest.fixture
def any_phone(browser: Browser, any_app: Served) -> Iterator[Page]:
    yield from _visit(browser, any_app, PHONE)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path


__all__ = ["Watch"]

"""The app on a library that it is told of when it starts, and that changes while it is open."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.journey import ask, finished, open_page
from tests.support.browser import DESKTOP, watched_page
from tests.support.server import REAL, ROOT, serving

pytestmark = pytest.mark.e2e


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "our-library"
    (folder / "patterns").mkdir(parents=True)
    (folder / "documents").mkdir()
    for slug in ("open-books", "role-rotation", "visible-work-inventory"):
        shutil.copy(ROOT / "indexes" / "starter" / "patterns" / f"{slug}.md", folder / "patterns")
    (folder / "documents" / "house-rules.txt").write_text(
        "House rules\n\nThe laundry line in the yard is shared, and pegs left on it belong to everyone.\n"
    )
    return folder


def _count(page: Page, url: str, words: str) -> None:
    page.goto(f"{url}?view=library")
    expect(page.locator("#lib-count")).to_contain_text(words)


def test_the_library_it_is_told_and_what_changes_in_it(browser: Browser, library: Path, tmp_path: Path) -> None:
    place = tmp_path / "data"
    place.mkdir()
    environ = {"CML_LIBRARY": str(library)}
    with serving(REAL, place, environ) as served, watched_page(browser, served.url, DESKTOP) as (page, watch):
        _count(page, served.url, "4 pages")
        open_page(page, served.url)
        ask(page, "To whom do pegs on the laundry line in the yard belong?")
        expect(finished(page).locator(".ans")).to_contain_text("belong to everyone")
        (library / "patterns" / "role-rotation.md").unlink()
        shutil.copy(ROOT / "indexes" / "starter" / "patterns" / "water-turns.md", library / "patterns")
        shutil.copy(ROOT / "indexes" / "starter" / "patterns" / "time-bank.md", library / "patterns")
        index = {**os.environ, **environ, "CML_INDEX": str(place / "index")}
        subprocess.run([sys.executable, "-m", "cml_mm", "index"], cwd=ROOT, env=index, check=True, capture_output=True)
        for _ in range(60):
            page.goto(f"{served.url}?view=library")
            expect(page.locator("#lib-count")).to_contain_text("page")
            if "5 pages" in page.locator("#lib-count").inner_text():
                break
            page.wait_for_timeout(500)
        _count(page, served.url, "5 pages")
        page.goto(f"{served.url}?view=library&read=water-turns")
        expect(page.locator("#cml-reader h1")).to_have_text("Water Turns")
        watch.check()

"""Pictures of every state, to be looked at: `python -m tests.e2e.screenshots OUT_DIR [URL]`.

Without an address, the app over the fake engine is started.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from tests.e2e.journey import ask, finished, newest, open_page
from tests.e2e.own_files import bring, brought, payload
from tests.support.browser import DESKTOP, PHONE, chromium, watched_page
from tests.support.server import FAKE, serving


def _empty(_page: Page) -> None:
    return


def _answer(page: Page) -> None:
    page.locator(".ex").first.click()
    finished(page).locator("[data-cite]").first.click()


def _trace(page: Page) -> None:
    page.locator(".ex").first.click()
    finished(page).get_by_role("button", name="Why these?").click()
    page.locator(".trace").scroll_into_view_if_needed()


def _relation(page: Page) -> None:
    page.locator(".ex").first.click()
    finished(page)
    page.locator('#cml-chat a[data-cite="1-3"]').click()


def _full(page: Page) -> None:
    _relation(page)
    grab = page.locator(".grab:visible")
    if grab.count():
        grab.click()


def _second(page: Page) -> None:
    page.locator(".ex").first.click()
    finished(page)
    ask(page, "And who has done this in a language other than ours?")
    finished(page)
    page.evaluate("scrollTo(0, 0)")


def _busy(page: Page) -> None:
    ask(page, "Which sewing circles have lasted a decade? (slow)")
    newest(page).locator(".ans p").first.wait_for()


def _library(query: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.goto(f"{page.url.split('?')[0]}?view=library&{query}")
        page.locator("#cml-reader .rd").wait_for(state="attached")
        page.locator("#lib-cards").locator("li, .note").first.wait_for(state="attached")

    return act


def _filters(page: Page) -> None:
    _library("q=wa")(page)
    page.locator("#lib-filter").click()


def _asks(question: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        ask(page, question)
        finished(page)

    return act


def _files(page: Page) -> None:
    names = ("statutes.pdf", "evening.pptx", "notice.png")
    brought(page, *(payload(name, name.encode()) for name in names))
    bring(page, payload("slow-minutes.pdf", b"slow"), payload("broken-plan.pdf", b"broken"))
    page.locator(".fs-notes .note").wait_for()
    page.locator(".fc.busy").filter(has_text="Reading").wait_for()


def _file_cited(page: Page) -> None:
    brought(page, payload("statutes.pdf", b"statutes"))
    ask(page, "What of the keys?")
    finished(page).locator("a[data-cite]").last.click()
    page.locator(".e.on .pp-paper.drawn").wait_for()


def _file_large(page: Page) -> None:
    _file_cited(page)
    page.locator(".e.on .pp-larger").click()
    page.locator("#cml-viewer .pp-edge").wait_for()


def _file_sheet(page: Page) -> None:
    brought(page, payload("statutes.pdf", b"statutes"), payload("evening.pptx", b"evening"))
    page.locator(".fs-all").click()


def _file_one(page: Page) -> None:
    _file_sheet(page)
    page.locator(".fl-open").first.click()
    page.locator("#cml-files-one h3").wait_for()


STATES: dict[str, Callable[[Page], None]] = {
    "empty": _empty,
    "answer": _answer,
    "trace": _trace,
    "relation": _relation,
    "sheet-full": _full,
    "second": _second,
    "busy": _busy,
    "absent": _asks("Which cover does a lent van need?"),
    "fault": _asks("What do wells and wikis have in common? (fault)"),
    "advice": _asks("!!! ???"),
    "long": _asks("What helps? " * 4000),
    "library": _library(""),
    "library-filters": _filters,
    "library-chosen": _library("domain=governance&persona=Team&read=role-rotation"),
    "library-nothing": _library("q=zzz&domain=food"),
    "reading": _library("read=role-rotation"),
    "reading-relations": _library("read=role-rotation&section=Known+Uses"),
    "reading-lighthouse": _library("read=ostrom-water"),
    "reading-document": _library("read=statutes"),
    "reading-hostile": _library("read=hostile-page"),
    "about": _library("about=1"),
    "files": _files,
    "file-cited": _file_cited,
    "file-large": _file_large,
    "file-sheet": _file_sheet,
    "file-one": _file_one,
    "language": _asks("Wer macht die unsichtbare Arbeit? (language)"),
}


def shoot(out: Path, url: str, only: tuple[str, ...] = ()) -> None:
    """Writes STATE-WIDTH-THEME.png for every state."""
    out.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for name, act in STATES.items():
            if only and name not in only:
                continue
            for size in (DESKTOP, PHONE):
                for scheme in ("light", "dark"):
                    options = {"color_scheme": scheme, "reduced_motion": "reduce"}
                    with watched_page(browser, url, size, **options) as (page, watch):
                        open_page(page, url)
                        act(page)
                        page.screenshot(path=out / f"{name}-{size[0]}-{scheme}.png")
                        watch.check()


def main(argv: list[str]) -> int:
    out, *rest = argv
    if rest:
        shoot(Path(out), rest[0], tuple(rest[1:]))
        return 0
    with tempfile.TemporaryDirectory() as data, serving(FAKE, Path(data)) as served:
        shoot(Path(out), served.url)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

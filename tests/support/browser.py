"""Debian's Chromium through Playwright, with every way out of the app watched."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, Route, expect, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = (1440, 1000)
PHONE = (390, 844)
PATIENCE_MS = 20_000  # a busy machine is no fault; waiting ends as soon as the page is as expected
expect.set_options(timeout=PATIENCE_MS)


def chromium_path() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def chromium() -> Iterator[Browser]:
    path = chromium_path()
    assert path, "Chromium is missing: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = launched(playwright, path)
        try:
            yield browser
        finally:
            browser.close()


def launched(playwright: Playwright, path: str) -> Browser:
    return playwright.chromium.launch(executable_path=path, args=FLAGS)


@dataclass
class Watch:
    """What went wrong unseen: requests that left the app, errors on the console."""

    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def check(self) -> None:
        assert not self.outside, f"Requests left the app: {self.outside}"
        assert not self.errors, f"Errors in the browser: {self.errors}"


@contextmanager
def watched_page(
    browser: Browser, url: str, size: tuple[int, int] = DESKTOP, **options: Any
) -> Iterator[tuple[Page, Watch]]:
    """A fresh visitor. Requests to anywhere but `url` are refused and remembered."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        permissions=["clipboard-read", "clipboard-write"],
        **options,
    )
    watch = Watch()

    def gate(route: Route) -> None:
        if route.request.url.startswith(url):
            route.continue_()
        else:
            watch.outside.append(route.request.url)
            route.abort()

    context.route(lambda address: not address.startswith(("data:", "blob:")), gate)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.on("console", lambda m: watch.errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: watch.errors.append(str(error)))
    try:
        yield page, watch
    finally:
        context.close()

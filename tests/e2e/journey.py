"""What a visitor does on the Ask page, in words."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


def open_page(page: Page, url: str) -> None:
    page.goto(url)
    expect(question_box(page)).to_be_visible()
    expect(page.locator(".st .state")).to_contain_text("Ready", use_inner_text=False)


def question_box(page: Page) -> Locator:
    return page.get_by_label("Your question")


def ask(page: Page, question: str) -> None:
    """Types the question, presses Enter, waits until it stands in the conversation."""
    box = question_box(page)
    before = page.locator("#cml-chat .turn, #cml-past .turn").count()
    box.fill(question)
    box.press("Enter")
    expect(page.locator("#cml-chat .turn, #cml-past .turn")).to_have_count(before + 1)


def newest(page: Page) -> Locator:
    return page.locator("#cml-chat .turn")


def finished(page: Page, seconds: float | None = None) -> Locator:
    """The newest turn, once it is over. Args: seconds: how long that may take, where a model has to be loaded."""
    turn = page.locator("#cml-chat .turn.over")
    expect(turn).to_be_visible(timeout=1000 * seconds if seconds else None)
    return turn


def in_view(page: Page, element: Locator) -> bool:
    """Whether the element comes to be seen where it stands, nothing over it, nothing cut off; a panel glides there."""
    return bool(
        element.evaluate(
            """async element => {
                const seen = () => {
                    const box = element.getClientRects()[0];
                    const x = box.left + Math.min(8, box.width / 2);
                    const at = document.elementFromPoint(x, box.top + box.height / 2);
                    return !!at && (element.contains(at) || at.contains(element));
                };
                const until = performance.now() + 5000;
                while (!seen() && performance.now() < until) await new Promise(done => setTimeout(done, 50));
                return seen();
            }"""
        )
    )


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

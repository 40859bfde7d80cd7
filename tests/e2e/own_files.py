"""Files that a visitor may bring, made here, and what a visitor does with them."""

from __future__ import annotations

import io
import re
import zlib
from pathlib import Path

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.support.pdf import Line, Photo, flow, write_pdf

RARE = "Quillabar"  # a word that stands in the files made here and nowhere else
LEAVING = "A member who leaves receives the loan back within eighteen months."
LEAVING_PAGE, LEAVING_TOP = 17, 720 - 3 * 14  # baseline in points above the foot of the page
NOTICE = "The boiler is switched off on Tuesday."
_TOPICS = ("The ledger", "Guests", "The kitchen", "Keys", "Noise", "Bicycles", "The garden", "The archive", "Repairs")
_SCAN_SIZE = (1275, 1650)  # a letter page at 150 dots an inch


def statutes_pdf(word: str = RARE) -> bytes:
    """Thirty pages, one article each; the seventeenth is about leaving, and holds a word that is told apart."""
    pages = [_article(number) for number in range(1, 31)]
    pages[LEAVING_PAGE - 1] = flow(
        "Article 17. Leaving the house",
        "",
        f"This article is known as the {word} rule.",
        LEAVING,
        "The board may pay earlier when the reserve is above one third.",
    )
    return write_pdf(pages, title="Statutes of the Linden House")


def scan_pdf(pages: int = 1) -> bytes:
    """Pages that are pictures of words."""
    photo = Photo(_photo(("To all who live here", NOTICE, "Please fill your flasks on Monday evening.")), _SCAN_SIZE)
    return write_pdf([[photo]] * pages)


def minutes(word: str, text: str) -> bytes:
    return f"# Minutes {word}\n\n## The {word} workshop\n\n{text}\n".encode()


def payload(name: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def bring(page: Page, *files: FilePayload) -> None:
    page.locator("#cml-picker").set_input_files(list(files))


def chip(page: Page, name: str) -> Locator:
    return page.locator("#cml-shelf .fc").filter(has_text=name)


def brought(page: Page, *files: FilePayload) -> None:
    """Brings files and waits until each of them can be asked."""
    bring(page, *files)
    for file in files:
        expect(chip(page, file["name"]).locator(".pick")).to_be_visible(timeout=120_000)


def places_of(root: Path, word: str) -> list[str]:
    """Every file below a folder whose name or bytes hold a word, as they stand or unpacked."""
    return sorted(
        str(path.relative_to(root))
        for path in root.rglob("*")
        if word in path.name or (path.is_file() and _holds(path.read_bytes(), word.encode()))
    )


def _holds(data: bytes, word: bytes) -> bool:
    return word in data or any(
        word in _inflated(data, at.start()) for at in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data)
    )


def _inflated(data: bytes, start: int) -> bytes:
    """What a packed value that may begin here holds, as far as it goes: a database cuts long ones into pieces."""
    unpacker, out = zlib.decompressobj(), b""
    try:
        for at in range(start, len(data), 64):
            out += unpacker.decompress(data[at : at + 64])
            if unpacker.eof:
                break
    except zlib.error:
        pass
    return out


def _article(number: int) -> list[Line]:
    topic = _TOPICS[number % len(_TOPICS)]
    return flow(
        f"Article {number}. {topic}",
        "",
        f"{topic} is looked after by two people of floor {number % 5 + 1}.",
        f"They write down what was done in book {7 * number} and show it at the assembly.",
    )


def _photo(lines: tuple[str, ...]) -> bytes:
    from PIL import Image, ImageDraw

    image = Image.new("RGB", _SCAN_SIZE, "white")
    pen = ImageDraw.Draw(image)
    for row, line in enumerate(lines):
        pen.text((150, 300 + 120 * row), line, fill="black", font_size=44)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90)
    return out.getvalue()

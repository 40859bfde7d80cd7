"""Reading a visitor's PDF: CPU-seconds a page as text and as scan, and how many letters are recognised rightly."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from textwrap import wrap

import numpy as np
from PIL import Image
from rapidfuzz.distance import Levenshtein

from cml_mm import prose
from cml_mm.corpus.library import load_library
from cml_mm.media.file_reading import read_file
from cml_mm.media.pdf_pages import draw_page
from cml_mm.models.rapid_ocr import RapidOcr
from cml_mm.ports import Picture
from cml_mm.settings import ROOT
from cml_mm.visits import DEFAULT_LIMITS, ReadFile
from tests.support.pdf import Line, Photo, flow, write_pdf

TEXT_PAGES = 30
LINES = 44  # on a page
LETTERS = 88  # in a line


@dataclass(frozen=True)
class Scan:
    """How a page was scanned."""

    name: str
    dots_per_inch: int
    quality: int  # of its JPEG
    grain: float  # standard deviation of its noise, of 255
    skew: float  # degrees


SCANS = (
    Scan("clean, 200 dots to an inch", 200, 85, 0.0, 0.0),
    Scan("coarse and grainy, 120 dots to an inch", 120, 45, 12.0, 0.0),
    Scan("skewed by 1.5 degrees", 200, 85, 4.0, 1.5),
)


def main(library: Path, index: Path) -> None:
    pages = _pages()
    text = write_pdf(pages)
    seconds, found = _read(text)
    print(
        f"text: {seconds / TEXT_PAGES:.3f} CPU-s a page ({TEXT_PAGES} pages, {len(found.document.sections)} sections)"
    )
    print(f"text: {_right(found, pages):.4f} of the letters right")
    ocr = RapidOcr()
    ocr.recognise(np.full((64, 64, 3), 255, np.uint8))  # loads the models
    for scan in SCANS:
        seconds, found = _read(write_pdf([[_scanned(text, 1, scan)], [_scanned(text, 2, scan)]]), ocr)
        doubt = min((placing.confidence for placing in found.placings), default=0.0)
        print(f"scan, {scan.name}: {seconds / 2:.2f} CPU-s a page, {_right(found, pages[:2]):.4f} of the letters right")
        print(f"    least confidence of a page {doubt:.3f}; {len(found.notices)} notices")


def _pages() -> list[list[Line]]:
    """Pages of the shipped library's own words, no line standing on two of them."""
    texts = [
        prose.plain(paragraph.of(section.text))
        for page in load_library((ROOT / "indexes" / "starter",)).patterns
        for section in page.sections
        for paragraph in prose.paragraphs(section.text)
    ]
    words = " ".join(texts).encode("cp1252", "ignore").decode("cp1252")
    lines = wrap(words, LETTERS, break_on_hyphens=False)
    return [flow(*lines[LINES * page : LINES * (page + 1)], size=10) for page in range(TEXT_PAGES)]


def _scanned(data: bytes, number: int, scan: Scan) -> Photo:
    drawn = Image.fromarray(draw_page(data, number, 11 * scan.dots_per_inch))
    drawn = drawn.rotate(scan.skew, Image.Resampling.BICUBIC, fillcolor="white")
    grain = np.random.default_rng(number).normal(0, scan.grain, drawn.size[::-1])[:, :, None]
    picture: Picture = np.clip(np.asarray(drawn) + grain, 0, 255).astype(np.uint8)
    kept = BytesIO()
    Image.fromarray(picture).save(kept, "JPEG", quality=scan.quality)
    return Photo(kept.getvalue(), drawn.size)


def _read(data: bytes, ocr: RapidOcr | None = None) -> tuple[float, ReadFile]:
    limits = replace(DEFAULT_LIMITS, cpu_seconds=float("inf"))
    began = time.process_time()
    found = read_file(data, "pdf", "measured.pdf", "file-1", ocr, limits, lambda *_: None)
    return time.process_time() - began, found


def _right(found: ReadFile, pages: list[list[Line]]) -> float:
    """Share of the letters that need no change, white space apart."""
    read = "".join("".join(section.text.split()) for section in found.document.sections)
    wanted = "".join("".join(line.text.split()) for page in pages for line in page)
    return 1 - Levenshtein.distance(wanted, read) / len(wanted)

"""The slides of the drawn lecture as somebody would hand them out: a PDF or a deck, with pages that nobody showed."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pptx

from tests.support.drawn_lecture import SLIDES
from tests.support.pdf import flow, write_pdf

Page = tuple[str, Sequence[str]]  # a title, and lines
HEADER = "Evenings at the well house"
PAGES: tuple[Page, ...] = (
    (HEADER, ("A course for neighbours", "Autumn term")),
    *((title, lines) for _, title, lines in SLIDES[:2]),
    ("Reading for the next evening", ("The ledger of the mill", "Letters about the weir")),
    *((title, lines) for _, title, lines in SLIDES[2:]),
)  # so that the slides are its pages 2, 3 and 5
OTHER_PAGES: tuple[Page, ...] = (
    ("Bread from one oven", ("Who brings the flour", "Who keeps the embers")),
    ("A rota for the ferry", ("Pilots by the week", "The landing in winter", "Fog")),
    ("The tool shed", ("Borrowing a drill", "Bringing it back")),
)


def deck_pdf(pages: Sequence[Page] = PAGES) -> bytes:
    return write_pdf(
        [
            flow(HEADER, "", title, "", *(f"- {line}" for line in lines), "", f"Sheet {number}", leading=30, size=20)
            for number, (title, lines) in enumerate(pages, 1)
        ]
    )


def deck_pptx(pages: Sequence[Page] = PAGES) -> bytes:
    """With notes, which are not shown."""
    deck = pptx.Presentation()
    for title, lines in pages:
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = "\n".join(lines)
        slide.notes_slide.notes_text_frame.text = "Remember to greet everybody, and to ask about their week. " * 8
    kept = io.BytesIO()
    deck.save(kept)
    return kept.getvalue()

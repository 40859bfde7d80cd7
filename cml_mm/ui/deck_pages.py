"""A lecture's slides and the pages of the document that they are: each leads to the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cml_mm.lectures.values import Lecture
from cml_mm.types import clock
from cml_mm.ui.page_picture import plain_name
from cml_mm.ui.parts import button
from cml_mm.ui.text import escape
from cml_mm.visits import FileCard, ReadFile

_MOST_TIMES = 3  # at which one page is said to be shown; a lecturer goes back now and then


@dataclass(frozen=True)
class DeckPage:
    """A page of the document whose pages a lecture's slides are. `label` is "Page 7", `face` its key."""

    file: str  # id
    name: str
    face: str
    label: str

    @property
    def words(self) -> str:
        """ "page 7 of deck.pdf"."""
        return f"{self.label[:1].lower()}{self.label[1:]} of {self.name}"


@dataclass(frozen=True)
class ShownAt:
    """When a recording shows a page of a document, in seconds from its start, the first time first."""

    file: str  # id of the recording
    name: str
    seconds: tuple[float, ...]

    @property
    def words(self) -> str:
        """ "shown at 4:12 and 9:30 in talk.mp4"."""
        times = [clock(at) for at in self.seconds[:_MOST_TIMES]]
        told = " and ".join([part for part in (", ".join(times[:-1]), times[-1]) if part])
        return f"shown at {told} in {self.name}"


def deck_pages(card: FileCard, read: ReadFile) -> dict[int, DeckPage]:
    """The pages of a document by their numbers."""
    name = plain_name(card.name)
    return {face.number: DeckPage(card.id, name, face.key, face.label) for face in read.faces if face.number}


def shown_at(card: FileCard, lecture: Lecture, deck: str, number: int) -> ShownAt | None:
    """When a recording shows a page; None where it does not.

    Args:
        deck: the id of the document.
        number: of the page, from 1.
    """
    if not number or lecture.deck != deck:
        return None
    seconds = tuple(slide.start_seconds for slide in lecture.slides if slide.page == number)
    return ShownAt(card.id, plain_name(card.name), seconds) if seconds else None


def page_button(page: DeckPage) -> str:
    """Opens the page: "Page 7 of deck.pdf"."""
    return button(
        f"{escape(page.label)} of <bdi>{escape(page.name)}</bdi>", "view", "sm", "file",
        data_file=page.file, data_face=page.face, aria_haspopup="dialog",
    )  # fmt: skip


def strip_button(page: DeckPage, first: bool) -> str:
    """The same under a slide in the strip of a whole lecture, where one of them is a stop for Tab."""
    return (
        f'<button type="button" class="lnk lv-page" data-act="view" data-file="{escape(page.file)}"'
        f' data-face="{escape(page.face)}" tabindex="{0 if first else -1}" aria-haspopup="dialog"'
        f' aria-label="Open {escape(page.words)}">{escape(page.label)}</button>'
    )


def shown_html(places: Sequence[ShownAt]) -> str:
    """Beside a page: buttons that open each recording where it shows that; nothing where none does."""
    buttons = "".join(
        button(
            f"Shown at {clock(at)} in <bdi>{escape(place.name)}</bdi>", "lv-open", "sm", "play",
            data_file=place.file, data_at=f"{at:g}", aria_haspopup="dialog",
        )
        for place in places
        for at in place.seconds[:_MOST_TIMES]
    )  # fmt: skip
    return f'<div class="row lv-row">{buttons}</div>' if buttons else ""

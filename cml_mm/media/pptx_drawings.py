"""The diagrams of a deck among the sections of its slides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cml_mm.diagrams.values import Diagram, FreeText
from cml_mm.errors import LimitExceeded
from cml_mm.media.diagram_sections import (
    MOSTLY,
    DiagramPart,
    Part,
    notice_of,
    structured_share,
    without_losses,
)
from cml_mm.media.diagram_wire import is_passable
from cml_mm.media.packages import PACKAGE_FAULTS
from cml_mm.media.pptx_diagram import slide_diagrams
from cml_mm.types import Box, Section
from cml_mm.visits import Placing


@dataclass(frozen=True)
class Drawings:
    """What is joined on a deck's slides, by their faces' keys; `unread` where that could not be made out."""

    found: Mapping[str, Diagram] = field(default_factory=dict)
    unread: bool = False

    def among(self, parts: Sequence[tuple[Section, Placing]], key: str, number: int, title: str) -> Iterator[Part]:
        """The sections of a slide, its diagram before them.

        Args:
            parts: the slide's words, then its notes, which have no places.
            key: of its face.
            number: from 1.
            title: of the slide, for a diagram without one.

        Returns: without the slide's own section where its diagram says most of it, and with it all.
        """
        diagram = self.found.get(key)
        if diagram is None:
            yield from parts
            return
        texts = [
            FreeText(section.text[run.start : run.end], run.box) for section, placing in parts for run in placing.runs
        ]
        diagram = without_losses(replace(diagram, title=diagram.title or title), texts)
        yield DiagramPart(diagram, number)
        yield from (part for part in parts if not part[1].runs or structured_share(diagram) < MOSTLY)

    def notices(self) -> tuple[str, ...]:
        """What was read with doubt, or not at all."""
        said = ["What is joined with what on its slides could not be read, only the words."] if self.unread else []
        for key, one in self.found.items():
            said += [*one.notices, *notice_of(one, key.replace("-", " "))]
        return tuple(said)


def read_drawings(slides: Iterable[Any], sheet: Box) -> Drawings:
    """Look for joined shapes on all slides.

    Args:
        slides: opened slides, in order.
        sheet: a slide's size, in EMU.
    """
    try:
        found = slide_diagrams(slides, sheet.w, sheet.h)
    except (LimitExceeded, *PACKAGE_FAULTS):
        return Drawings(unread=True)
    return Drawings({one.face: one for one in found if one.has_structure and is_passable(one)})

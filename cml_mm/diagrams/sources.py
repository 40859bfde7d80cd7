"""Diagrams written as text, read exactly and given places."""

from __future__ import annotations

from typing import Literal

from cml_mm.diagrams.dot import read_dot
from cml_mm.diagrams.layout import laid_out
from cml_mm.diagrams.mermaid import read_mermaid
from cml_mm.diagrams.plantuml import read_plantuml
from cml_mm.diagrams.values import Diagram
from cml_mm.errors import LimitExceeded, MediaUnreadable

LARGEST_TEXT = 1_000_000  # characters
_READERS = {"dot": read_dot, "mermaid": read_mermaid, "plantuml": read_plantuml}


def read_diagram_text(text: str, kind: Literal["dot", "mermaid", "plantuml"], title: str = "") -> Diagram:
    """Read a diagram that is written as text.

    Args:
        text: its source.
        kind: the language that it is written in.
        title: used where the source has none.

    Returns:
        The diagram with every node, arrow and group of the source, surely read (confidence 1), and
        laid out in the direction that the source asks for.

    Raises:
        MediaUnreadable: the text is another kind of diagram, holds none, or a line cannot be read.
        LimitExceeded: it is longer than a megabyte or has too many parts.
    """
    if len(text) > LARGEST_TEXT:
        raise LimitExceeded(
            f"This diagram's text is longer than {LARGEST_TEXT:,} characters.", "Split it into several diagrams."
        )
    draft, direction = _READERS[kind](text, title)
    diagram = draft.finished()
    if not diagram.nodes:
        raise MediaUnreadable("This diagram's text holds no boxes.", "Look whether the whole text was added.")
    return laid_out(diagram, direction)

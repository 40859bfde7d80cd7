"""What an answer will say, before it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cml_mm.answering.book import Draft
from cml_mm.types import AnswerStatus, Notice


@dataclass(frozen=True)
class Plan:
    """What will be written: a title, the drafts, and which pages they are about."""

    title: str
    drafts: Iterator[Draft]
    ranked: tuple[str, ...]
    status: AnswerStatus = "answered"
    notices: tuple[Notice, ...] = ()

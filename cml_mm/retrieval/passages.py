"""Titled passages and what is found among them: the values of retrieval over any corpus."""

from __future__ import annotations

from dataclasses import dataclass

from cml_mm.retrieval.stages import Contribution


@dataclass(frozen=True)
class Passage:
    """A piece of text that can be found; `title` is empty where it has none."""

    id: str
    title: str
    text: str

    @property
    def full(self) -> str:
        """Title and text, as words are counted and meaning is read."""
        return f"{self.title}. {self.text}" if self.title else self.text


@dataclass(frozen=True)
class FoundPassage:
    """A passage with its score, and which stage gave how much of it, greatest part first.

    The amounts add up to the score.
    """

    id: str
    title: str
    score: float
    contributions: tuple[Contribution, ...] = ()

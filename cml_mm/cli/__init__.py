"""The `cml` command: the engine for people and scripts at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cml_mm.cli.command import main
from cml_mm.cli.progress import ProgressLine

if TYPE_CHECKING:
    from cml_mm.cli.answers import answer_json, answer_text

__all__ = ["ProgressLine", "answer_json", "answer_text", "main"]


def __getattr__(name: str) -> Any:
    """Answers bring the whole engine with them, so they are loaded when somebody asks for them."""
    if name in {"answer_json", "answer_text"}:
        from cml_mm.cli import answers

        return getattr(answers, name)
    raise AttributeError(name)

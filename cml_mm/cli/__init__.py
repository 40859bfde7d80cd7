"""The `cml` command: the engine for people and scripts at a terminal."""

from __future__ import annotations

from cml_mm.cli.answers import answer_json, answer_text
from cml_mm.cli.command import main
from cml_mm.cli.progress import ProgressLine

__all__ = ["ProgressLine", "answer_json", "answer_text", "main"]

"""What there is to measure on: retrieval sets and question files, those of ../shared and the shipped one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cml_mm.engine import Engine
from cml_mm.errors import StoreMissing
from cml_mm.evaluation.questions import Question, read_questions
from cml_mm.settings import ROOT, Settings

EVALUATION = ROOT.parent / "shared" / "eval"
STARTER = ROOT / "indexes" / "starter"


@dataclass(frozen=True)
class AskedLibrary:
    """A question file with the library that it was written for, and where that library's index is kept."""

    name: str
    file: Path
    library: Path
    index: Path


def passage_set_folders() -> list[Path]:
    """The multi-hop sets beside the repository; none where ../shared is missing."""
    return sorted(path.parent for path in (EVALUATION / "multihop").glob("*/queries.jsonl"))


def question_files(library: Path, index: Path, scratch: Path) -> list[AskedLibrary]:
    """The development questions over the library given, and the shipped ones over theirs.

    Args:
        library: what is measured; its questions are those of ../shared.
        index: the place of its index.
        scratch: where the starter library's index may be kept.
    """
    of_starter = STARTER / "questions.jsonl"
    if library.resolve() == STARTER.resolve():
        return [AskedLibrary("starter", of_starter, STARTER, index)]
    starter = AskedLibrary("starter", of_starter, STARTER, scratch / "starter")
    development = EVALUATION / "patterns_dev.jsonl"
    return [AskedLibrary("patterns_dev", development, library, index), starter] if development.is_file() else [starter]


def development_questions(file: Path, answerable: bool = True) -> list[Question]:
    """Of a file with splits only the development split.

    Args:
        file: JSON lines.
        answerable: leave out those that have no answer.
    """
    chosen = [one for one in read_questions(file) if one.split in ("", "dev")]
    return [one for one in chosen if one.answerable] if answerable else chosen


def open_or_build(settings: Settings) -> Engine:
    """The index as it stands, else built from its libraries."""
    try:
        return Engine.open(settings)
    except StoreMissing:
        Engine.build(settings)
        return Engine.open(settings)

"""Files of questions to read, and of answers to write: JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from cml_mm.errors import InputError, MediaUnreadable, StoreFull


@dataclass(frozen=True)
class Row:
    """One question of a file of them; `files` are asked beside the library."""

    id: str
    question: str
    files: tuple[Path, ...] = ()


def read_questions(path: Path) -> Iterator[Row]:
    """The questions of a file of JSON lines; a row's "file" (or list of them) is relative to it.

    Raises: MediaUnreadable: it cannot be read, or a line is no question.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise MediaUnreadable(f"The questions in {path} cannot be read.", "Give a UTF-8 file of JSON lines.") from exc
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            named = row.get("file") or []
            files = [named] if isinstance(named, str) else list(named)
            yield Row(str(row["id"]), str(row["question"]), tuple(path.parent / str(file) for file in files))
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            raise MediaUnreadable(
                f"Line {number} of {path} is no question.",
                'Each line is {"id": …, "question": …}, perhaps with "file": "notes.pdf".',
            ) from exc


def open_for_writing(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8")
    except OSError as exc:
        raise InputError(f"{path} cannot be written ({exc.strerror}).", "Choose another place for --out.") from exc


def write_row(out: TextIO, row: dict[str, Any]) -> None:
    try:
        out.write(json.dumps(row, ensure_ascii=False) + "\n")
        out.flush()
    except OSError as exc:
        raise StoreFull(f"{out.name} cannot be written ({exc.strerror}).", "Free some room and run it again.") from exc

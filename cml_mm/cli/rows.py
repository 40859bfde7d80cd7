"""Files of questions to read, and of answers to write: JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from cml_mm.errors import InputError, MediaUnreadable, StoreFull


def read_questions(path: Path) -> Iterator[dict[str, str]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise MediaUnreadable(f"The questions in {path} cannot be read.", "Give a UTF-8 file of JSON lines.") from exc
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            yield {"id": str(row["id"]), "question": str(row["question"])}
        except (ValueError, KeyError, TypeError) as exc:
            raise MediaUnreadable(
                f"Line {number} of {path} is no question.", 'Each line is {"id": …, "question": …}.'
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

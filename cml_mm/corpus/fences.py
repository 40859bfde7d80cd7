"""Code fences in Markdown: where they open and close. One that never closes holds nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_FENCE = re.compile(r"^\s*(?:>\s*)*(`{3,}|~{3,})(.*)$")


@dataclass(frozen=True)
class Fence:
    """Lines `first` to `last` (from 0), the fences themselves; `words` stand behind the opening one."""

    first: int
    last: int
    words: str


def find_fences(lines: Sequence[str]) -> Iterator[Fence]:
    """The closed code fences among the lines of a text, in order."""
    opened, mark, words = -1, "", ""
    for number, line in enumerate(lines):
        if "```" not in line and "~~~" not in line:
            continue
        found = _FENCE.match(line)
        if found is None:
            continue
        if opened < 0:
            opened, mark, words = number, found[1], found[2].strip()
        elif found[1].startswith(mark) and not found[2].strip():
            yield Fence(opened, number, words)
            opened = -1

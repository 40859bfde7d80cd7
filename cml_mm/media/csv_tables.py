"""Tables as text that can be quoted: every row a line of its own, each value with its column's name."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from cml_mm.errors import LimitExceeded, MediaUnreadable
from cml_mm.media.plain import decode_text
from cml_mm.media.reading import Reading, clean, in_words, named_once
from cml_mm.types import Section
from cml_mm.visits import Limits

ROWS_IN_A_SECTION = 50
_DELIMITERS = (",", ";", "\t", "|")
_SNIFFED_ROWS = 100
_NUMBER = re.compile(r"[-+(]?[\d.,:/ ’'-]*\d[\d.,:/ ’'-]*\)?\s?[%€$£]?|[€$£]\s?[\d.,]+")
_TABLE = re.compile(r"(?m)^\|.*\|\n\|(?: --- \|)+(?:\n\|.*\|)*$")
_CELLS = re.compile(r"(?<!\\)\|")


def read_csv(data: bytes, path: str, limits: Limits) -> Reading:
    """Read a table of values parted by commas, semicolons, tabs or upright bars.

    Args:
        data: the file's bytes.
        path: its name, for messages.
        limits: how many characters it may have.

    Returns:
        The reading: sections of 50 rows ("Rows 1 to 50"), each row a list item
        "Name: Ana; Hours: 3", so that it can be quoted. Without a header the columns are
        called "Column 1" and so on.

    Raises:
        MediaUnreadable: it is not UTF-8 or UTF-16, or its quotes do not close.
        LimitExceeded: it holds too many characters.
    """
    text = clean(decode_text(data, path)).lstrip("\n")
    if len(text) > limits.characters:
        raise LimitExceeded(
            f"{path} holds more than {limits.characters / 10**6:g} million characters.",
            "Split it, and add the parts one by one.",
        )
    try:
        rows = [row for row in _rows(text, _delimiter(text)) if any(row)]
    except csv.Error as exc:
        raise MediaUnreadable(
            f"{path} cannot be read as a table: {exc}.", "Check that every opening quote has a closing one."
        ) from exc
    header, rows = (rows[0], rows[1:]) if rows and _is_header(rows[0], rows[1:]) else ([], rows)
    width = len(header) or (Counter(map(len, rows)).most_common(1)[0][0] if rows else 0)
    uneven = [number for number, row in enumerate(rows, 1) if len(row) > width]
    notices = [f"Some rows hold more values than there are columns: {_some(uneven)}."] if uneven else []
    names = [name or f"Column {number}" for number, name in enumerate(header, 1)]
    return Reading(named_once(_sections(names, rows)), "csv", notices=tuple(notices))


def quotable_tables(text: str) -> str:
    """Markdown tables of our own making as lists of rows, since a table's cell is no sentence to quote.

    A table of two columns becomes "Water: 3", one with more "Day: Monday; Hour: 8".
    """
    return _TABLE.sub(lambda found: rows_as_text(_cells(found[0])), text)


def rows_as_text(rows: Sequence[Sequence[str]]) -> str:
    """Rows of a table as list items; the first gives the columns' names if it looks like it."""
    if max(map(len, rows), default=0) == 2:
        return "\n".join(f"- {': '.join(cell for cell in row if cell)}" for row in rows if any(row))
    header = rows[0] if len(rows) > 1 and _is_header(rows[0], rows[1:]) else ()
    return "\n".join(_item(header, row) for row in rows[1 if header else 0 :] if any(row))


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    lines = text.splitlines(keepends=True)
    for row in csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=False):
        yield [" ".join(cell.split()) for cell in row]


def _delimiter(text: str) -> str:
    """The one that parts most rows into the same number of cells, and into the most cells."""
    return max(_DELIMITERS, key=lambda delimiter: _evenness(text, delimiter))


def _evenness(text: str, delimiter: str) -> tuple[float, int]:
    try:
        widths = [len(row) for row in islice(_rows(text[:200_000], delimiter), _SNIFFED_ROWS) if row]
    except csv.Error:
        return 0.0, 0
    width, count = Counter(widths).most_common(1)[0] if widths else (1, 0)
    return (count / len(widths), width) if width > 1 else (0.0, 0)


def _is_header(first: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: words in every cell, none twice, and rows below."""
    named = [cell for cell in first if cell]
    return (
        bool(rest)
        and len(named) >= max(1, len(first) - 1)
        and len({cell.casefold() for cell in named}) == len(named)
        and not any(_NUMBER.fullmatch(cell) or len(cell) > 80 for cell in named)
    )


def _sections(names: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[Section]:
    for start in range(0, len(rows), ROWS_IN_A_SECTION):
        part = rows[start : start + ROWS_IN_A_SECTION]
        span = f"Rows {start + 1} to {start + len(part)}" if len(part) > 1 else f"Row {start + 1}"
        text = "\n".join(_item(names or [f"Column {number + 1}" for number in range(len(row))], row) for row in part)
        yield Section("other", span, text)


def _item(names: Sequence[str], row: Sequence[str]) -> str:
    """One row; a value without a column is called by its number, and empty ones are left out."""
    parts = []
    for number, cell in enumerate(row, 1):
        name = names[number - 1] if number <= len(names) else f"Column {number}" if names else ""
        if cell:
            parts.append(f"{name}: {cell}" if name else cell)
    return f"- {'; '.join(parts)}"


def _cells(table: str) -> list[list[str]]:
    lines = table.split("\n")
    return [[cell.strip().replace("\\|", "|") for cell in _CELLS.split(line)[1:-1]] for line in (lines[0], *lines[2:])]


def _some(numbers: Sequence[int]) -> str:
    listed = in_words(numbers[:20]).replace("page", "row")
    return listed if len(numbers) <= 20 else f"{listed} and {len(numbers) - 20} more"

"""What every document reader gives, and what they share: limits, headings, tables, opening words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cml_mm import prose
from cml_mm.diagrams.values import Diagram
from cml_mm.errors import LimitExceeded, MediaUnreadable
from cml_mm.types import Section
from cml_mm.visits import Face, Placing

LARGEST_BYTES = 20 * 2**20  # of a file
LARGEST_TEXT = 10_000_000  # characters of a document; a long novel has one million
MOST_PAGES = 2_000
UNKNOWN_LICENCE = "unknown licence"

_SUMMARY_LIMIT = 300
_FEWEST_WORDS = 5  # less is a heading, a date or a name, and sums nothing up
_FIRST_LINES = 30  # where a document states its licence
_LICENCE = re.compile(r"^[\W_]*licen[cs]e[*_\s]*[:\u2013\u2014][*_\s]*(?P<name>\S.{0,119}?)[*_\s]*$", re.I)
_WORD = re.compile(r"[^\W_]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff]")


@dataclass(frozen=True)
class Reading:
    """A document as its reader found it; empty fields are what it does not say."""

    sections: tuple[Section, ...]
    format: str  # the ending that files of this kind have
    title: str = ""
    licence: str = ""
    attribution: str = ""
    placings: tuple[Placing, ...] = ()  # one for every section, where places were asked for
    faces: tuple[Face, ...] = ()
    notices: tuple[str, ...] = ()
    diagrams: tuple[Diagram, ...] = ()


@dataclass(frozen=True)
class Block:
    """A heading (level 1 to 3) or, at level 0, a piece of Markdown; `item`: one line of a list."""

    text: str
    level: int = 0
    item: bool = False


def sections_of(blocks: Iterable[Block], title: str) -> tuple[Section, ...]:
    """Cut blocks into sections at their headings.

    Args:
        blocks: in reading order.
        title: of the document; a first heading that only repeats it is no section.

    Returns:
        Sections with text; what stands before the first heading is called "Opening", and
        "Text" where no heading follows.
    """
    parts: list[tuple[str, list[str]]] = [("", [])]
    for block in blocks:
        text = clean(block.text).strip("\n")
        if not block.level:
            parts[-1][1].append(text)
        elif text.strip() and not (len(parts) == 1 and _same(text, title)):
            parts.append((" ".join(text.split()), []))
    lead = "Opening" if len(parts) > 1 else "Text"
    return named_once(
        Section("other", heading or lead, "\n\n".join(text for text in texts if text.strip()))
        for heading, texts in parts
    )


def named_once(sections: Iterable[Section]) -> tuple[Section, ...]:
    """Sections that hold words, each under a name of its own: a second "Costs" becomes "Costs (2)"."""
    seen: dict[str, int] = {}
    kept = (replace(section, text=section.text.strip("\n")) for section in sections)
    return tuple(
        replace(section, heading=_once(section.heading, seen)) for section in kept if _WORD.search(section.text)
    )


def placed_once(
    parts: Iterable[tuple[Section, Placing]],
) -> tuple[tuple[Section, ...], tuple[Placing, ...]]:
    """Like `named_once`, for sections that know where they stand; their texts begin and end with words."""
    kept = [(section, placing) for section, placing in parts if _WORD.search(section.text)]
    return named_once(section for section, _ in kept), tuple(placing for _, placing in kept)


def _once(heading: str, seen: dict[str, int]) -> str:
    while True:
        count = seen[heading.casefold()] = seen.get(heading.casefold(), 0) + 1
        if count == 1:
            return heading
        heading = f"{heading} ({count})"


def clean(text: str) -> str:
    """Line ends as `\\n`, without control characters; form feeds part paragraphs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    return _CONTROL.sub("", text)


def markdown_table(rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, the first row as its head; "" where no cell holds anything.

    Args:
        rows: cells as plain text; short rows are filled up.
    """
    cells = [[" ".join(clean(cell).split()).replace("|", "\\|") for cell in row] for row in rows]
    cells = [row for row in cells if any(row)]
    if not cells:
        return ""
    width = max(map(len, cells))
    lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in cells]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


def summary_of(sections: Sequence[Section]) -> str:
    """The first whole sentences of the first paragraph that says something, 300 characters at most."""
    for section in sections:
        for paragraph in prose.paragraphs(section.text):
            if len(prose.words(paragraph.of(section.text))) < _FEWEST_WORDS or _LICENCE.match(
                paragraph.of(section.text)
            ):
                continue
            summary = ""
            for span in prose.sentences(section.text, paragraph):
                longer = f"{summary} {prose.plain(span.of(section.text))}".strip()
                if len(longer) > _SUMMARY_LIMIT:
                    return (
                        summary or longer[:_SUMMARY_LIMIT].rsplit(" ", 1)[0][: _SUMMARY_LIMIT - 1].rstrip(" ,;:") + "…"
                    )
                summary = longer
            return summary
    return ""


def stated_licence(sections: Sequence[Section]) -> str:
    """What a line "Licence: …" among the first lines says, else ""."""
    left = _FIRST_LINES
    for section in sections:
        for line in section.text.split("\n"):
            found = _LICENCE.match(line)
            if found is not None:
                return " ".join(found["name"].split()).rstrip(".")
            left -= bool(line.strip())
            if left <= 0:
                return ""
    return ""


def refuse_long(pages: int, path: str, unit: str = "pages", most: int = MOST_PAGES) -> None:
    """Raises: LimitExceeded where a document has more pages than are read."""
    if pages > most:
        raise LimitExceeded(
            f"{path} has {pages} {unit}; {most} are read at most.", "Split it, and add the parts one by one."
        )


def in_words(numbers: Sequence[int]) -> str:
    """Numbers of pages as people write them: "page 4", "pages 4 to 6 and 9"."""
    spans: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if spans and number == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))
    parts = [str(first) if first == last else f"{first} to {last}" for first, last in spans]
    listed = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
    return f"{'page' if len(set(numbers)) == 1 else 'pages'} {listed}"


def damaged(path: str, kind: str) -> MediaUnreadable:
    """The error for a file that says it is of a kind, yet cannot be read as such."""
    return MediaUnreadable(
        f"{path} is damaged: it cannot be read as {kind}.", "Open it in its own program, save it anew, then try again."
    )


def _same(one: str, other: str) -> bool:
    return prose.words(one) == prose.words(other)

"""Plain text and Markdown without a pattern's front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cml_mm.errors import MediaUnreadable
from cml_mm.media.reading import Block, Reading, clean, sections_of

_FENCE = re.compile(r"^\s*(?:>\s*)*(`{3,}|~{3,})")
_HEADING = re.compile(r"^ {0,3}(#{1,3})[ \t]+(\S.*?)(?:[ \t]+#+)?[ \t]*$")
_RULE = re.compile(r"^[ \t]*(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
_FRONT = re.compile(r"\A---[ \t]*\n((?:.*\n){0,200}?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_FIELD = re.compile(r"^([A-Za-z][\w -]{0,40}):[ \t]*(\S.*?)[ \t]*$")
_LONGEST_HEADING = 120


def read_plain(text: str, name: str, ending: str) -> Reading:
    """Cut a text at its Markdown headings of level 1 to 3.

    Args:
        text: the whole file.
        name: its name in words, for a text without headings.
        ending: "md" or "txt".

    Returns:
        The reading; its title is the first heading. Simple fields of a front matter (title,
        license, attribution or author) are taken from it, the front matter itself is no text.
    """
    text = clean(text).lstrip("\n")
    fields: dict[str, str] = {}
    found = _FRONT.match(text)
    if found is not None:
        lines = [_FIELD.match(line) for line in found[1].split("\n")]
        fields = {line[1].casefold(): line[2].strip("\"'") for line in lines if line is not None}
        text = text[found.end() :] if fields else text  # two rules around prose are prose
    blocks = list(_blocks(text))
    title = fields.get("title") or next((block.text for block in blocks if block.level), "")
    return Reading(
        sections=sections_of(blocks, title or name),
        format=ending,
        title=title,
        licence=fields.get("license") or fields.get("licence") or "",
        attribution=fields.get("attribution") or fields.get("author") or "",
    )


def decode_text(data: bytes, path: str) -> str:
    """The text of a file in UTF-8, or in UTF-16 with its mark.

    Args:
        data: the file's bytes.
        path: its name, for the message.

    Returns:
        Its text, without the mark.

    Raises:
        MediaUnreadable: the bytes are of another encoding; guessing one would spoil quotes.
    """
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as exc:
        raise MediaUnreadable(f"{path} is not UTF-8 text.", "Save it with the encoding UTF-8, then try again.") from exc


def _blocks(text: str) -> Iterator[Block]:
    held: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if mark is not None and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        heading = None if fence else _HEADING.match(line)
        if heading is None or len(heading[2]) > _LONGEST_HEADING:
            held.append(line)
            continue
        yield Block(_trim(held))
        held = []
        yield Block(heading[2].replace("**", "").replace("`", ""), len(heading[1]))
    yield Block(_trim(held))


def _trim(lines: list[str]) -> str:
    """The lines without blank ones and rules at both ends."""
    start, end = 0, len(lines)
    while start < end and (not lines[start].strip() or _RULE.match(lines[start])):
        start += 1
    while end > start and (not lines[end - 1].strip() or _RULE.match(lines[end - 1])):
        end -= 1
    return "\n".join(lines[start:end])

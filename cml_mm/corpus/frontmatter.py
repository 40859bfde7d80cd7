"""Front matter: find it, read it, and mend it where it is broken.

The only file that knows YAML. Every scalar is read as the text that was written:
`title: 1984` stays "1984", a date stays a string, `No` stays "No". So nothing an
author wrote is lost, and no value can raise while it is being converted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

Meta = dict[str, Any]

# The C loader is ten times faster; a PyYAML without libyaml still works.
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

_BLOCK = re.compile(r"\A\ufeff?\s*---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S | re.M)
_UNCLOSED = re.compile(r"\A\ufeff?\s*---[ \t]*\n((?:[A-Za-z_]\w*:.*\n(?:[ \t-].*\n)*)+)", re.M)
_SECOND = re.compile(
    r"(?:^---[ \t]*\n|\A\s*)((?:[A-Za-z_]\w*:.*\n(?:[ \t]+\S.*\n|-[ \t].*\n|[ \t]*\n(?=[A-Za-z_]\w*:))*){3,})"
    r"(?:^---[ \t]*(?:\n|\Z))?",
    re.M,
)
_TOP_KEY = re.compile(r"^([A-Za-z_][\w-]*):", re.M)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
# `commons_domain:` over `- life`, put by a script inside an open `{…}`.
_LIST_IN_FLOW = re.compile(r"\n[ \t]+(\w+):[ \t]*\n[ \t]+-[ \t]+([\w -]{1,200}?)(?=[,\n}])")
_PLAIN_VALUE = re.compile(r"^(\s*(?:- )?[A-Za-z_][\w-]*:[ \t]+)(?![\"'|>\[{&*])(.+?)[ \t]*$")
_BROKEN = (yaml.YAMLError, ValueError, TypeError, RecursionError)
_DEEPEST = 60  # levels of brackets; real front matter has four
_EMPTY = frozenset({"", "~", "null", "Null", "NULL", "None"})


@dataclass(frozen=True)
class Page:
    """A markdown file taken apart: what its front matter says, its body, and what was mended."""

    meta: Meta
    body: str
    repairs: tuple[str, ...] = ()


def split_page(text: str) -> Page:
    """Take a markdown file apart into front matter and body.

    Args:
        text: the whole file. Line ends of any kind.

    Returns:
        The page. A second front matter in the body is taken out and fills fields that the
        first leaves empty. Whatever had to be mended is named in `repairs`; a file without
        front matter has an empty `meta`.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    repairs: list[str] = []
    found = _BLOCK.match(text)
    if found is None:
        found = _UNCLOSED.match(text)
        if found is not None:
            repairs.append("The front matter has no end; it was read up to its last field.")
    if found is None:
        return Page({}, text.lstrip("\ufeff"))
    meta, mended = _read(found[1])
    if not meta and mended:
        # Two rules around prose: nothing of it is front matter.
        return Page({}, text.lstrip("\ufeff"))
    if mended:
        repairs.append(mended)
    body = text[found.end() :]
    second = _SECOND.search(body)
    if second is not None and len(_own_keys(second[1]) & {"id", "slug", "title", "version", "license"}) >= 2:
        extra, _ = _read(second[1])
        meta = _fill(meta, extra)
        body = body[: second.start()] + body[second.end() :]
        repairs.append("A second front matter stood in the body; it was taken out and merged.")
    return Page(meta, body, tuple(repairs))


def _own_keys(block: str) -> set[str]:
    return set(_TOP_KEY.findall(block))


def _fill(meta: Meta, extra: Meta) -> Meta:
    """Add what only the second front matter says; its identity fields are older names and stay out."""
    merged = dict(meta)
    for key, value in extra.items():
        if key not in {"id", "slug", "title"} and merged.get(key) in (None, "", [], {}):
            merged[key] = value
    return merged


def _read(block: str) -> tuple[Meta, str]:
    """Read a front matter block, mending it if needed; the text says what was mended."""
    clean = _CONTROL.sub("", block)
    parsed = _load(clean)
    if parsed is not None:
        return parsed, "" if clean == block else "Control characters were removed from the front matter."
    meta: Meta = {}
    lost: list[str] = []
    for part in _top_level_parts(clean):
        fields = _load(part) or _load(_mend_flow(part)) or _load(_quote_values(part)) or _line_wise(part)
        meta.update(fields)
        if not fields:
            lost.append(part.split(":", 1)[0].strip()[:40])
    note = "The front matter is not valid YAML; it was mended"
    return meta, f"{note}, without {', '.join(lost)}." if lost else f"{note}."


def _load(block: str) -> Meta | None:
    """The fields of a YAML block, or None where it is broken or no table of fields."""
    if _nesting(block) > _DEEPEST:  # the parser recurses: a bomb of brackets must not reach it
        return None
    try:
        value = yaml.load(block, Loader=_Loader)
    except _BROKEN:
        return None
    if not isinstance(value, dict):
        return None
    return {key: item for key, item in value.items() if isinstance(key, str)}


def _nesting(block: str) -> int:
    depth = deepest = 0
    for character in re.findall(r"[\[{\]}]", block):
        depth = depth + 1 if character in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    widest = max((len(lead) for lead in re.findall(r"^[ -]*(?=\S)", block, re.M)), default=0)
    return max(deepest, widest // 2)


def _top_level_parts(block: str) -> Iterator[str]:
    """One part for every field that starts at the margin, so that one broken field harms no other."""
    starts = [match.start() for match in _TOP_KEY.finditer(block)]
    for start, end in zip(starts, [*starts[1:], len(block)]):  # noqa: B905 (equal by construction)
        yield block[start:end]


def _mend_flow(part: str) -> str:
    return _LIST_IN_FLOW.sub(r", \1: [\2]", part)


def _quote_values(part: str) -> str:
    """Put plain values in quotes: `title: Co-ops: a start` breaks only for want of them."""
    lines = []
    for line in part.split("\n"):
        found = _PLAIN_VALUE.match(line)
        lines.append(line if found is None else found[1] + "'" + found[2].replace("'", "''") + "'")
    return "\n".join(lines)


def _line_wise(part: str) -> Meta:
    """Last resort: the first line of a field, as plain text."""
    key, _, value = part.partition("\n")[0].partition(":")
    value = value.strip().strip("\"'").strip()
    return {key.strip(): value} if value and value[0] not in "[{|>&*" else {}


def as_text(value: object) -> str:
    """A scalar as one line of text; anything else, and every spelling of null, as ""."""
    if not isinstance(value, str):
        return ""
    line = " ".join(value.split())
    return "" if line in _EMPTY else line


def as_texts(value: object) -> tuple[str, ...]:
    """A list's scalars, or a lone scalar, without empties and repetitions, in order."""
    items = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(line for line in map(as_text, items) if line))


def as_fields(value: object) -> Meta:
    """A table of fields, or an empty one where something else was written."""
    return value if isinstance(value, dict) else {}


def as_items(value: object) -> list[Any]:
    """A list, a lone scalar or table as a list of one, or an empty list."""
    if isinstance(value, list):
        return value
    return [value] if isinstance(value, dict) or as_text(value) else []


def as_share(value: object, default: float = 1.0) -> float:
    """A number between 0 and 1; what is no number gives the default, what lies outside is clamped."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return default
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return default
    return default if number != number else min(1.0, max(0.0, number))

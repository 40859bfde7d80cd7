"""WebVTT (.vtt): header, NOTE, STYLE and REGION, cue settings, and text with its tags.

Source: W3C WebVTT (Candidate Recommendation), "WebVTT parser algorithm". More lenient in this: a file need not begin
with its header line, nor blocks be parted by a blank line where times begin one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cml_mm.media.captions.languages import iso_639_1
from cml_mm.media.captions.markup import lines_of
from cml_mm.media.captions.times import timing
from cml_mm.media.captions.written import Captions, Written, many

_HEADER = re.compile(r"\ufeff?WEBVTT(?:[ \t][^\n]*)?(?:\n|\Z)")
_LANGUAGE = re.compile(r"^Language\s*[:=]\s*([A-Za-z][\w-]{1,20})\s*$", re.M | re.I)
_ASIDE = re.compile(r"(?:NOTE|STYLE|REGION)(?:[ \t]|\Z)")


def is_vtt(text: str) -> bool:
    """Whether a text begins as WebVTT does."""
    return _HEADER.match(text) is not None


def read_vtt(text: str) -> Captions:
    """Every caption of a WebVTT file.

    Args:
        text: the whole file, lines parted by `\\n`.

    Returns: captions in the file's order, and the language where the header names it, as YouTube's does. Blocks that
        hold words and no times are left out, and a notice counts them.
    """
    blocks = list(_blocks(text))
    header: list[str] = []
    if is_vtt(text):
        header, *others = _split(blocks[0])  # a first caption may follow it without a blank line
        blocks[:1] = others
    found = [_cue(part) for block in blocks for part in _split(block) if not _is_aside(part)]
    lost = found.count(None)
    notices = (f"{many(lost)} without times that can be read {'is' if lost == 1 else 'are'} left out.",) if lost else ()
    language = _LANGUAGE.search("\n".join(header))
    cues = tuple(cue for cue in found if cue is not None)
    return Captions(cues, iso_639_1(language[1]) if language else "", notices)


def _blocks(text: str) -> Iterator[list[str]]:
    """Runs of lines between blank ones. A line of blanks is none: automatic captions keep a place free with it."""
    held: list[str] = []
    for line in text.split("\n"):
        if line:
            held.append(line)
        elif held:
            yield held
            held = []
    if held:
        yield held


def _split(block: list[str]) -> Iterator[list[str]]:
    """A block at each line of times, where blank lines were forgotten; a number before it goes with it."""
    held: list[str] = []
    timed = bool(_HEADER.match(block[0]) or _ASIDE.match(block[0]))  # these end where times begin
    for line in block:
        begins = timing(line) is not None
        if begins and timed:
            number = held.pop() if len(held) > 1 and held[-1].strip().isdigit() else ""
            yield held
            held = [number] if number else []
        held.append(line)
        timed = timed or begins
    if held:
        yield held


def _is_aside(block: list[str]) -> bool:
    """Whether a block holds no words for the ear: a note, a style, a region, nothing but blanks."""
    return _ASIDE.match(block[0]) is not None or not "".join(block).strip()


def _cue(block: list[str]) -> Written | None:
    """One caption: perhaps a name for it, its times, its words; None without times."""
    found = next(((place, at) for place, at in enumerate(map(timing, block)) if at is not None), None)
    if found is None:
        return None
    place, at = found
    return Written(at.start_ms, at.end_ms, lines_of("\n".join([at.text, *block[place + 1 :]])))

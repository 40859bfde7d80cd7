"""SubStation Alpha (.ssa, .ass): the spoken lines under [Events].

Source: the SubStation Alpha v4.00+ script format. Styles, positions and drawings are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cml_mm.media.captions.times import milliseconds
from cml_mm.media.captions.written import Captions, Line, Written, many

_SIGN = re.compile(r"\s*(?:\[(?:Script Info|V4\+? Styles|Events)\]|Dialogue:\s)", re.I)
_FIELDS = ("layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text")
TRACK_FIELDS = ("readorder", "layer", "style", "name", "marginl", "marginr", "marginv", "effect", "text")
_OVERRIDE = re.compile(r"\{([^{}]*)\}")
_DRAWS = re.compile(r"\\p(\d+)")


def is_ass(text: str) -> bool:
    """Whether a text begins as SubStation's files do."""
    return _SIGN.match(text) is not None


def read_ass(text: str) -> Captions:
    """Every line of dialogue.

    Args:
        text: the whole file, lines parted by `\\n`.

    Returns: captions in the file's order; those whose times cannot be read are left out, and a notice counts them.
    """
    fields: Sequence[str] = _FIELDS
    cues: list[Written] = []
    broken = 0
    for line in text.split("\n"):
        key, _, rest = line.partition(":")
        if key.strip().lower() == "format" and "text" in rest.lower():
            fields = tuple(part.strip().lower() for part in rest.split(","))
        elif key.strip().lower() == "dialogue":
            said = _fields(rest, fields)
            start, end = milliseconds(said.get("start", "")), milliseconds(said.get("end", ""))
            if start is None or end is None:
                broken += 1
            else:
                cues.append(Written(start, end, event_lines(rest, fields)))
    notices = (f"{many(broken)} whose times cannot be read {'is' if broken == 1 else 'are'} left out.",)
    return Captions(tuple(cues), notices=notices if broken else ())


def event_lines(event: str, fields: Sequence[str] = TRACK_FIELDS) -> tuple[Line, ...]:
    """The words of one event; the Name field tells who says them.

    Args:
        event: fields parted by commas; the last may hold commas.
        fields: what they are, in lower case; by default as tracks inside a recording keep them.
    """
    said = _fields(event, fields)
    speaker = " ".join(said.get("name", "").split())
    text = _shown(said.get("text", "")).replace("\\N", "\n").replace("\\n", "\n").replace("\\h", " ")
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return tuple(Line(line, speaker) for line in lines if line)


def _fields(event: str, fields: Sequence[str]) -> dict[str, str]:
    return dict(zip(fields, event.strip("\r\n").split(",", len(fields) - 1), strict=False))


def _shown(text: str) -> str:
    """Without override blocks, and without what is drawn while `\\p` is on."""
    kept, place, draws = "", 0, False
    for block in _OVERRIDE.finditer(text):
        kept += "" if draws else text[place : block.start()]
        place = block.end()
        found = _DRAWS.findall(block[1])
        draws = int(found[-1][:9]) > 0 if found else draws
    return kept + ("" if draws else text[place:])

"""When a caption is shown, as files write it: to the millisecond, with whatever signs people part the numbers by."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Hours may be missing, or the fraction; blanks around the signs come from machine translation.
_CLOCK = r"(?:(-)\s?)?(?:(\d{1,4})\s?:\s?)?(\d{1,4})\s?:\s?(\d{1,2})(?:\s?[.,:]\s?(\d{1,9}))?"
_ARROW = r"\s*(?:[-–—]{1,3}\s?>|→)\s*"
_SETTING = re.compile(r"[A-Za-z]\w{0,20}:\S+")
_TIMING = re.compile(rf"\s*{_CLOCK}{_ARROW}(?:{_CLOCK})?(?P<rest>(?:\s.*)?)$")
_PAIR = re.compile(rf"\s*{_CLOCK.replace('[.,:]', '[.]')}\s?,\s?{_CLOCK.replace('[.,:]', '[.]')}(?P<rest>\s*)$")
_ALONE = re.compile(rf"\s*{_CLOCK}\s*$")
_BROKEN = re.compile(r"\s*\S{0,20}\d\S{0,20}\s?[-–—]{1,3}\s?>")
_PARTS = 5  # groups of one clock


@dataclass(frozen=True)
class Timing:
    """Milliseconds; `text` is what stands behind them on their line and is no setting."""

    start_ms: int
    end_ms: int
    text: str = ""


def timing(line: str) -> Timing | None:
    """The times of a line such as `00:00:01,107 --> 00:00:08,518`; None for any other line.

    An end that is missing comes back as the start. YouTube's `0:00:01.107,0:00:08.518` is read too.
    """
    if ":" not in line:
        return None
    found = _TIMING.match(line) or _PAIR.match(line)
    if found is None:
        return None
    start = _milliseconds(found.groups()[:_PARTS])
    end = _milliseconds(found.groups()[_PARTS : 2 * _PARTS]) if found.group(8) is not None else start
    rest = found["rest"].split()
    settings = all(_SETTING.fullmatch(part) for part in rest)
    return Timing(start, end, "" if settings else " ".join(rest))


def milliseconds(text: str) -> int | None:
    """One time, such as `1:02:03.5` → 3723500; None for anything else."""
    found = _ALONE.match(text)
    return _milliseconds(found.groups()) if found is not None else None


def looks_broken(line: str) -> bool:
    """Whether a line was meant to hold times, yet they cannot be read."""
    return _BROKEN.match(line) is not None and timing(line) is None


def _milliseconds(parts: tuple[str | None, ...]) -> int:
    sign, hours, minutes, seconds, fraction = parts
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    digits = fraction or "0"
    part = round(int(digits) * 1000 / 10.0 ** len(digits))
    return (whole * 1000 + part) * (-1 if sign else 1)

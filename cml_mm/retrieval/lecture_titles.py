"""What a section of a recording is called apart from its time.

`lectures.wording` heads sections by their time and what they are about, "2:00–3:04 · Graduated sanctions" and
"Slide at 2:00 · Graduated sanctions". Nobody asks for a time of day in a title, so only the latter part can be one.
"""

from __future__ import annotations

import re

_CLOCK = r"(?:\d{1,3}:)?\d{1,2}:\d{2}"
_TIME = re.compile(rf"(?:(?:slide|diagram)\sat\s{_CLOCK}|{_CLOCK}\s?[–-]\s?{_CLOCK})(?:\s·\s|\Z)", re.IGNORECASE)


def without_time(heading: str) -> str:
    """A heading without the time that it begins with: "2:00–3:04 · Dues" → "Dues", "2:00–3:04" → ""."""
    return _TIME.sub("", heading.strip(), count=1)

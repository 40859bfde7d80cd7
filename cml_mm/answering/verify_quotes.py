"""Whether a sentence, or what follows its lead, stands in the evidence as it is.

Such a sentence needs no reading. It must begin where a sentence or clause of the evidence begins, and must
not end before a condition that the evidence adds: "notes are published" is no quote of "notes are published
unless a member objects".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cml_mm import prose

_NARROWS = re.compile(
    r"\W*(?:unless|if|except|only|but only|when|where|until|provided|as long as|who|that|which|in|at|on"
    r"|of|by|for|to|from|with|without|than|before|after|or|and)\b"
)
_BEGINS = re.compile(r"(?:\A|[.!?;:][\"'”’)]*\s|\btherefore,\s|\bbut\s|,\s)\Z")
LEAST_WORDS = 3


def stands(text: str, passages: Sequence[str]) -> bool:
    """Whether a text is a whole sentence or clause of a passage, letter for letter but for case and its end."""
    wanted = _plain(text).rstrip(" .…!?;:,")
    if len(wanted.split()) < LEAST_WORDS:
        return False
    for passage in passages:
        held = _plain(passage)
        at = held.find(wanted)
        while at >= 0:
            after = held[at + len(wanted) :]
            ends = not after or after[0] in ".!?;…" or (after[0] in ",:" and not _NARROWS.match(after))
            if ends and _BEGINS.search(held[:at]):
                return True
            at = held.find(wanted, at + 1)
    return False


def lead_and_rest(text: str) -> tuple[str, str]:
    """A lead such as "Its core advice" and what follows its colon; no lead where there is none."""
    lead, colon, rest = text.partition(": ")
    return (lead, rest) if colon else ("", text)


def _plain(text: str) -> str:
    return " ".join(prose.fold(text).replace("’", "'").replace("“", '"').replace("”", '"').split())

"""The two sides of a question that compares, where it does not name them as titles stand.

"Copyleft or a permissive licence?" speaks of "Permissive Licensing": words around "or", "versus"
and the like are held against the titles of the pages that were found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cml_mm import prose
from cml_mm.graph.library_graph import Entry

NEAR_WORDS = 6  # content words on either side of the joint in which a name may stand
LEAST_LETTERS = 5  # of a stem: a longer one may differ in its last letter, "licenc" and "licens"

_CLAUSE = r"[^.?!:;]"
_JOINTS = (
    # "between A and B", "compare A with B", "how does A differ from B": these always compare
    re.compile(rf"\b(?:difference|differences|differ|distinction|distinguish\w*|choice|choose|choosing|decid\w+)\b"
               rf"{_CLAUSE}*?\bbetween (?P<a>{_CLAUSE}+?) (?:and|or) (?P<b>{_CLAUSE}+)"),
    re.compile(rf"\bcompar\w+ (?P<a>{_CLAUSE}+?) (?:and|with|to|against|or) (?P<b>{_CLAUSE}+)"),
    re.compile(rf"(?P<a>{_CLAUSE}+?) (?:differs?|different|distinct|distinguished) from (?P<b>{_CLAUSE}+)"),
    re.compile(rf"(?P<a>{_CLAUSE}+?) (?:vs|versus|compared (?:to|with)|as opposed to|rather than|better than)\.? "
               rf"(?P<b>{_CLAUSE}+)"),
)  # fmt: skip
_OR = re.compile(rf"(?P<a>{_CLAUSE}+?),? or (?P<b>{_CLAUSE}+)")
_CHOOSES = re.compile(
    r"\b(which|better|best|should|choose|pick|prefer|differ\w*|compar\w+|suits?|fits?|right|advantages?|pros)\b"
)


def compared_pages(question: str, pages: Iterable[Entry]) -> tuple[str, ...]:
    """The slugs of two pages that a question sets side by side.

    Args:
        question: as asked.
        pages: what was found for it, best first; of equally good names the first counts.
    Returns: both, as the question orders them; empty where it does not compare, or a side is no page's name.
    """
    folded = " ".join(prose.fold(question).split())
    found = next((hit for joint in _JOINTS if (hit := joint.search(folded))), None)
    if found is None and _CHOOSES.search(folded):
        found = _OR.search(folded)
    if found is None:
        return ()
    entries = tuple(pages)
    before, after = prose.terms(found["a"])[-NEAR_WORDS:], prose.terms(found["b"])[:NEAR_WORDS]
    first = _named(before, entries)
    last = _named(after, (entry for entry in entries if entry.slug != first))
    return (first, last) if first and last else ()


def _named(said: list[str], entries: Iterable[Entry]) -> str:
    """The page whose name stands in some words with most of its own; empty where none stands there whole."""
    best, most = "", 0
    for entry in entries:
        for name in (re.sub(r"\([^)]*\)", " ", entry.title), *entry.aliases):
            own = prose.terms(name)
            if len(own) > most and all(any(_akin(word, other) for other in said) for word in own):
                best, most = entry.slug, len(own)
    return best


def _akin(word: str, other: str) -> bool:
    """Whether two stems are one word in two spellings, "licens" and "licenc"."""
    shorter = min(len(word), len(other))
    close = shorter > LEAST_LETTERS and abs(len(word) - len(other)) <= 1
    return word == other or (close and word[: shorter - 1] == other[: shorter - 1])

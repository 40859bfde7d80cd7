"""`relationships_approved.json`: relations that a model suggested and people approved, in one batch.

An entry is believed only where its evidence speaks of both patterns: in the commons
library one in five does not, and those are the wrong ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from cml_mm.corpus.frontmatter import as_fields, as_items, as_share, as_text
from cml_mm.corpus.links import Declared, relation_kind
from cml_mm.corpus.names import NameBook, words_of
from cml_mm.types import Pattern, Problem

_TITLE_SEPARATOR = re.compile(r"\s+[-\u2013\u2014/]\s+|[:(),]|\s+(?:vs\.?|and|&)\s+")
_SHORTEST_PART = 6  # letters of a title part that is one word
# (ending, what stands there instead, letters that a word must have)
_ENDINGS = (("ss", "ss", 2), ("ies", "y", 5), ("s", "", 4), ("ing", "", 6), ("e", "", 4))
_SMALL = frozenset({"a", "an", "the", "of", "and", "for", "in", "to"})


def read_approved(
    data: object, path: str, book: NameBook, patterns: Mapping[str, Pattern]
) -> tuple[list[Declared], list[Problem]]:
    """The approved relations that can be believed.

    Args:
        data: what the JSON file holds.
        path: the file, relative to its library.
        book: finds patterns by id.
        patterns: all patterns by slug.

    Returns:
        The relations, and at most one problem that counts what was left out.
    """
    entries = as_items(as_fields(data).get("relationships") if isinstance(data, dict) else data)
    found: list[Declared] = []
    unknown = unnamed = other = 0
    for item in entries:
        fields = as_fields(item)
        source = book.slug(as_text(fields.get("source_id")))
        target = book.slug(as_text(fields.get("target_id")))
        evidence = as_text(fields.get("evidence"))
        if as_text(fields.get("status")) not in {"", "approved"}:
            other += 1
        elif source is None or target is None:
            unknown += 1
        elif not (speaks_of(evidence, patterns[source]) and speaks_of(evidence, patterns[target])):
            unnamed += 1
        else:
            kind = relation_kind(as_text(fields.get("relationship_type")))
            weight = as_share(fields.get("confidence"))
            found.append(Declared(kind, source, target, "approved", path, evidence, weight))
    if not entries:
        return [], [Problem(path, "The file holds no relations; it was left out.", True)]
    if not unknown + unnamed + other:
        return found, []
    reasons = f"in {unnamed} the evidence does not name both patterns, {unknown} name a pattern not in the library"
    more = f", {other} are not approved" if other else ""
    left_out = unknown + unnamed + other
    return found, [Problem(path, f"{left_out} of {len(entries)} relations were left out: {reasons}{more}.", False)]


def speaks_of(evidence: str, pattern: Pattern) -> bool:
    """Whether a text names a pattern: by title, alias or a telling part of its title."""
    text = f" {' '.join(_stems(evidence))} "
    names = [pattern.title, *pattern.aliases, *_telling_parts(pattern.title)]
    return any(stems and f" {' '.join(stems)} " in text for stems in map(_stems, names))


def _telling_parts(title: str) -> list[str]:
    parts = [part.strip(" )") for part in _TITLE_SEPARATOR.split(title)]
    return [part for part in parts if _tells(part)]


def _tells(part: str) -> bool:
    words = words_of(part)
    if len(words) >= 2:
        return True
    return len(part) >= _SHORTEST_PART or (len(part) >= 3 and part.isupper())


def _stems(text: str) -> list[str]:
    """Words without small words and common endings: "Hiring for Goals" names "Hire for Goal"."""
    return [_stem(word) for word in words_of(text) if word not in _SMALL]


def _stem(word: str) -> str:
    for ending, instead, shortest in _ENDINGS:
        if len(word) >= shortest and word.endswith(ending):
            return _stem(word[: -len(ending)] + instead) if ending == "s" else word[: -len(ending)] + instead
    return word

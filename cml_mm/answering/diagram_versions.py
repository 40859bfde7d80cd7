"""Questions to two versions of a diagram: what went, what came, what is still there, one question to both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from cml_mm import prose

Narrowed = Literal["removed", "added", "still", ""]

_OF_VERSIONS = re.compile(
    r"\b(?:versions?|drafts?|v ?\d+|old(?:er)?|new(?:er|est)?|previous|earlier|latest|last one"
    r"|other (?:chart|one|diagram))\b",
    re.IGNORECASE,
)
_STILL = re.compile(r"\b(?:still|any ?more|any longer|no longer|remains?|kept|keep)\b", re.IGNORECASE)
_GONE = re.compile(
    r"\b(?:drop(?:s|ped)?|remov\w+|gone|los[et]|left out|cut|delet\w+|t(?:ook|aken) (?:out|away)|disappear\w*"
    r"|vanish\w*|missing)\b",
    re.IGNORECASE,
)
_CAME = re.compile(r"\b(?:add(?:ed|s)?|came in|come in|put in|brought in|additional|gained)\b", re.IGNORECASE)
_EACH = re.compile(
    r"(?:,?\s*\bin\s+)?\b(?:both|each|either|which|all)(?: (?:one )?of)?(?: (?:the|these|our))?(?: two)?"
    r" (?:versions?|drafts?|charts?|diagrams?|files?)\b(?: of it)?,?",
    re.IGNORECASE,
)
_IN_NAME = r"(?:,?\s*\b(?:in|of|on|from|according to|by)\s+)?(?:\bthe\s+)?(?:\b(?:diagram|chart|file|version)\s+)?"


def narrowed(question: str) -> Narrowed:
    """Which changes a question is about; "" where it is about none, or speaks of no versions."""
    if not _OF_VERSIONS.search(question):
        return ""
    kinds: tuple[tuple[Narrowed, re.Pattern[str]], ...] = (("still", _STILL), ("removed", _GONE), ("added", _CAME))
    return next((kind for kind, words in kinds if words.search(question)), "")


def asked_of_each(question: str, titles: Sequence[str]) -> tuple[str, ...]:
    """A question to both versions as one to each; () where it is not asked of both.

    Args:
        titles: what the two files are called, the older one first.
    """
    if not _EACH.search(question) or len(titles) != 2:
        return ()
    bare = re.sub(r"\bstill\s+", "", _EACH.sub(" ", question)).strip(" ?.!,")
    bare = " ".join(bare.split())
    return tuple(f"{bare[:1].upper()}{bare[1:]} in {title}?" for title in titles) if bare else ()


def without_names(question: str, names: Sequence[str]) -> str:
    """A question without the names of files in it, each with the word that leads to it; names of one word stay."""
    for name in sorted(dict.fromkeys(names), key=len, reverse=True):
        words = prose.words(name)
        if len(words) < 2:
            continue
        said = r"[\W_]+".join(map(re.escape, words))
        question = re.sub(rf"{_IN_NAME}\b{said}\b(?:\.\w{{2,6}}\b)?['’s]*,?", " ", question, flags=re.IGNORECASE)
    return " ".join(question.split())

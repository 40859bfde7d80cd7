"""Makes text of others harmless inside a prompt: no piece of it can be read as anything but words.

A tokenizer turns certain texts ("<|im_end|>") into control ids wherever they stand, so an
invisible word joiner (U+2060) is set inside each of them. They are found by their skeleton, which
knows neither case, white space, accents, invisible characters nor compatibility forms: a
tokenizer that normalises its input must not find what a plain search did not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

JOINER = "\u2060"
_ALIKE = 4  # characters at the beginning by which tokens are kept together
_KEPT_INVISIBLE = frozenset("\u200c\u200d")  # they shape letters of Persian and Hindi
_BLANK_MARKS = frozenset("\u2581\u0120\u010a")  # what tokenizers write for a blank or a line break
# Selectors of a letter's look: hundreds of them, invisible, in which whole texts have been hidden.
_SELECTORS = ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF), (0xE0000, 0xE007F))
_NUMBERED = re.compile(r"[\[【［〔]\s*(?:\^\s*)?(\d[\d\s,;–-]{0,40})[^\]】］〕\d]{0,20}[\]】］〕]")


@dataclass(frozen=True)
class Scrubber:
    """Breaks control tokens. `families` are their skeletons by how they begin; made by `of`."""

    families: tuple[tuple[str, tuple[str, ...]], ...]

    @classmethod
    def of(cls, tokens: Iterable[str]) -> Scrubber:
        """Args: tokens: texts that would be read as something else than words."""
        return cls(_families(tuple(tokens)))

    def scrub(self, text: str) -> str:
        """Text of others on one line, without invisible characters, numbers in brackets and whole control tokens.

        A bracketed number is a citation to whoever reads the prompt, so "[3]" becomes "(3)".
        """
        seen = " ".join(visible(text).split())
        return self.broken(_NUMBERED.sub(lambda found: f"({found[1].strip()})", seen))

    def broken(self, text: str) -> str:
        """The text with a word joiner inside each control token that has none yet, and nothing else changed."""
        skeleton, places = _skeleton(text)
        cuts = {
            places[at] + 1
            for start, family in self.families
            if start in skeleton  # a vocabulary may hold thousands that begin alike
            for token in family
            for at in _found(token, skeleton)
            if places[at] != (last := places[at + len(token) - 1]) and JOINER not in text[places[at] : last]
        }
        # What is no longer than one character cannot be broken, only left out.
        single = {token for _, family in self.families for token in family if len(token) == 1}
        parts: list[str] = []
        for place, char in enumerate(text):
            if place in cuts:
                parts.append(JOINER)
            parts.append(" " if single and _bare(char) in single else char)
        return "".join(parts)


def visible(text: str) -> str:
    """Without characters that nobody sees; a control character or half of a pair becomes a blank."""
    return "".join(_shown(char) for char in text)


def _shown(char: str) -> str:
    if char.isascii():
        return char if char.isprintable() or char in "\n\t" else " "
    if any(first <= ord(char) <= last for first, last in _SELECTORS):
        return ""
    category = unicodedata.category(char)
    if category == "Cf":
        return char if char in _KEPT_INVISIBLE else ""
    return " " if category in {"Cc", "Cs", "Cn"} else char


@lru_cache(maxsize=16)
def _families(tokens: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    families: dict[str, list[str]] = {}
    for one in sorted({_skeleton(token)[0] for token in tokens} - {""}):
        families.setdefault(one[:_ALIKE], []).append(one)
    return tuple((start, tuple(family)) for start, family in families.items())


def _skeleton(text: str) -> tuple[str, list[int]]:
    """What is left of a text for comparing, and for each of its characters the place that it came from."""
    kept: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for bare in _bare(char):
            kept.append(bare)
            places.append(place)
    return "".join(kept), places


@lru_cache(maxsize=20_000)
def _bare(char: str) -> str:
    if char.isspace() or char in _BLANK_MARKS:
        return ""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", char).casefold())
    return "".join(one for one in folded if not _is_silent(one))


def _is_silent(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in {"Cf", "Cc", "Mn", "Me"}


def _found(token: str, text: str) -> Iterator[int]:
    """Every place where it begins, overlapping ones too."""
    at = text.find(token)
    while at >= 0:
        yield at
        at = text.find(token, at + 1)

"""The words of Graphviz's language: names, strings, HTML, signs (https://graphviz.org/doc/info/lang.html)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from cml_mm.diagrams.source_faults import fault_at
from cml_mm.errors import LimitExceeded

_BARE = re.compile(r"-?(?:\.\d+|\d+(?:\.\d*)?)|[^\W\d][\w]*")
_SIGNS = ("->", "--", "{", "}", "[", "]", ";", ",", "=", ":", "+")
_MOST_WORDS = 300_000


@dataclass(frozen=True)
class Word:
    """A name or a sign, and where it stands."""

    kind: Literal["sign", "bare", "string", "html", "end"]
    text: str
    at: int

    def is_sign(self, sign: str) -> bool:
        """Whether it is this sign."""
        return self.kind == "sign" and self.text == sign

    @property
    def is_name(self) -> bool:
        """Whether it can name or describe something."""
        return self.kind in ("bare", "string", "html")


def dot_words(text: str) -> list[Word]:
    """Cut a source into its words; comments are left out, strings joined by "+" are one.

    Raises:
        MediaUnreadable: a string, a comment or HTML never ends, or a sign means nothing.
        LimitExceeded: there are too many words.
    """
    words: list[Word] = []
    at = 0
    while True:
        at = _behind_gaps(text, at)
        if at >= len(text):
            words.append(Word("end", "", len(text)))
            return words
        word, at = _word(text, at)
        joins = len(words) > 1 and words[-1].is_sign("+") and words[-2].kind == "string" and word.kind == "string"
        if joins:
            words[-2:] = [Word("string", words[-2].text + word.text, words[-2].at)]
        else:
            words.append(word)
        if len(words) > _MOST_WORDS:
            raise LimitExceeded("This diagram's text is too long.", "Split it into several diagrams.")


def _behind_gaps(text: str, at: int) -> int:
    while at < len(text):
        if text[at].isspace() or text[at] == "\ufeff":
            at += 1
        elif text.startswith("//", at) or (text[at] == "#" and _begins_line(text, at)):
            foot = text.find("\n", at)
            at = foot if foot >= 0 else len(text)
        elif text.startswith("/*", at):
            foot = text.find("*/", at + 2)
            if foot < 0:
                raise fault_at(text, at, "Graphviz", "the end of this comment")
            at = foot + 2
        else:
            return at
    return at


def _begins_line(text: str, at: int) -> bool:
    begin = text.rfind("\n", max(0, at - 200), at) + 1
    return not text[begin:at].strip() if begin or at < 200 else False


def _word(text: str, at: int) -> tuple[Word, int]:
    if text[at] == '"':
        return _string(text, at)
    if text[at] == "<":
        return _html(text, at)
    for sign in _SIGNS[:2]:
        if text.startswith(sign, at):
            return Word("sign", sign, at), at + 2
    bare = _BARE.match(text, at)
    if bare is not None:
        return Word("bare", bare.group(), at), bare.end()
    for sign in _SIGNS[2:]:
        if text.startswith(sign, at):
            return Word("sign", sign, at), at + 1
    raise fault_at(text, at, "Graphviz", "a name, or one of { } [ ] ; = -> --")


def _string(text: str, at: int) -> tuple[Word, int]:
    """A string; only `\\"` is resolved here, other escapes belong to labels."""
    pieces: list[str] = []
    here = at + 1
    while True:
        foot = text.find('"', here)
        if foot < 0:
            raise fault_at(text, at, "Graphviz", "the end of this string")
        slashes = 0
        while text[foot - 1 - slashes] == "\\" and foot - 1 - slashes >= here:
            slashes += 1
        if slashes % 2 == 0:
            pieces.append(text[here:foot])
            return Word("string", "".join(pieces).replace("\\\n", ""), at), foot + 1
        pieces.append(text[here : foot - 1] + '"')
        here = foot + 1


def _html(text: str, at: int) -> tuple[Word, int]:
    depth = 0
    for found in re.compile("[<>]").finditer(text, at):
        depth += 1 if found.group() == "<" else -1
        if not depth:
            return Word("html", text[at + 1 : found.start()], at), found.end()
    raise fault_at(text, at, "Graphviz", "the end of this label in angle brackets")

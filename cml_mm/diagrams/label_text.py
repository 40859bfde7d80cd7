"""What the label of a box or an arrow says, out of the ways in which sources write it."""

from __future__ import annotations

import html
import re

LONGEST = 2_000  # characters of a label; whatever is longer is shortened, and the diagram says so

# Only what these tags are is taken for a tag: "<-- deliberate culture -->" is words.
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|br|center|code|del|div|em|font|h[1-6]|hr|i|img|ins|label|li|mark|o|ol|p|pre|s|small|"
    r"span|strike|strong|style|sub|sup|table|tbody|td|th|thead|tr|tt|u|ul|vr|title|color|size|back)"
    r"(?:[\s:][^<>]{0,500})?/?>",
    re.I,
)
_INLINE = frozenset("a abbr b big code del em font i ins label mark o s small span strike strong sub sup tt u".split())
_TAG_NAME = re.compile(r"[a-z0-9]+", re.I)
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff\u200b]")


def one_line(text: str) -> str:
    """Words on one line, without what no one sees."""
    return " ".join(_UNSEEN.sub("", text).split())


def html_words(text: str) -> str:
    """The words of a label written in HTML: tags gone, line ends as spaces, entities as their signs."""
    return one_line(html.unescape(_TAG.sub(_gap, text)))


def _gap(found: re.Match[str]) -> str:
    """Nothing for a tag inside a word, a space for one that ends a line or a cell."""
    name = _TAG_NAME.search(found.group())
    return "" if name is not None and name.group().casefold() in _INLINE else " "


def markdown_words(text: str) -> str:
    """The same without the signs that make words bold or slanted."""
    words = text.replace("**", "").replace("__", "")
    return " ".join(_bare(word) for word in words.split())


def _bare(word: str) -> str:
    for sign in "*_`":
        if len(word) > 1 and (word.startswith(sign) or word.endswith(sign)):
            word = word.strip(sign) or word
    return word

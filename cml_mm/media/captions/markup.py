"""The text of one caption without its markup: tags of WebVTT, of HTML as .srt files use it, and of SubStation.

Sources: W3C WebVTT, "WebVTT cue text parsing rules"; what players do with tags in SubRip files. Only tags that these
know are taken out, so that a talk about `<title>` keeps its words.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from cml_mm.media.captions.written import Line

_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>b|i|u|s|c|v|p|em|br|rt|rp|ruby|lang|font|span|strong)(?P<rest>(?:[.\s/][^<>]{0,400})?)>"
    r"|<\d[\d:.,]{0,20}>|</>",
    re.IGNORECASE,
)
_OVERRIDE = re.compile(r"\{\\[^{}]{0,400}\}|\{[YyCc]:[^{}\n]{0,40}\}")
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});")
# Marks of direction, joints without width and the soft hyphen say nothing; joiners that Persian needs stay.
_UNSEEN = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffc]")


def lines_of(text: str) -> tuple[Line, ...]:
    """The lines of a caption, those without a word left out.

    Args:
        text: as it stands in the file, lines parted by `\\n`.

    Returns: a voice tag `<v Anna>` names the speaker of what follows; a line with two voices becomes two.
    """
    found: list[Line] = []
    for speaker, piece in _voices(_OVERRIDE.sub("", text)):
        for line in piece.split("\n"):
            said = _plain(line)
            if said:
                found.append(Line(said, speaker))
    return tuple(found)


def _voices(text: str) -> Iterator[tuple[str, str]]:
    """What each voice says, markup taken out."""
    speaker, held, place, above = "", "", 0, False
    for tag in _TAG.finditer(text):
        held += "" if above else text[place : tag.start()]
        place = tag.end()
        name, closes = (tag["name"] or "").lower(), bool(tag["end"])
        if name in {"rt", "rp"}:  # how a word is pronounced, above it
            above = not closes
        elif name == "ruby":
            above = False
        elif name == "br":
            held += "\n"
        elif name == "v":
            yield speaker, held
            speaker, held = ("" if closes else _annotation(tag["rest"])), ""
    yield speaker, held + ("" if above else text[place:])


def _annotation(rest: str) -> str:
    """ ".loud Anna Smith" → "Anna Smith"."""
    named = rest if rest[:1] != "." else rest.partition(" ")[2]
    return _plain(named.strip("/"))


def _plain(text: str) -> str:
    text = _REFERENCE.sub(lambda found: html.unescape(found.group()), text)
    return " ".join(_UNSEEN.sub("", text.replace("\\h", " ")).split())

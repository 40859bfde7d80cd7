"""Descriptions of sounds, which are nobody's words: [applause], (laughs), ♪. Taken out of captions."""

from __future__ import annotations

import re
from collections.abc import Callable

_SQUARE = re.compile(r"(?<![^\s>:\-–—♪])[\[［【]([^\[\]［］【】]{1,80})[\]］】](?!\s*[:：]\s)(?![\w])")
_ROUND = re.compile(r"(?<!\S)[(（]([^()（）]{1,60})[)）](?!\s*[:：])(?!\w)")
_STARRED = re.compile(r"(?<!\S)\*([^*\n]{1,40})\*(?!\w)")
_SUNG = re.compile(r"[♪♫♬♩](?P<words>[^♪♫♬♩]{0,200}?)[♪♫♬♩]|[♪♫♬♩]")
_MOST_WORDS = 6
# Beginnings of words that tell what is to be heard, in the languages of most captions.
_HEARD = re.compile(
    r"\b(?:laugh|applau|clap|cheer|music|sigh|cough|sneez|chuckl|giggl|gasp|groan|sniff|sob|cry|whisper|hum|sing|ring"
    r"|knock|creak|beep|buzz|chim|bell|nois|silen|inaudib|indistinct|unintellig|crosstalk|chatter|footstep|thunder|bark"
    r"|clear(?:s|ing) throat|static|whistl|murmur|speak(?:s|ing) (?:in )?[a-z]+$|foreign language|pause\b"
    r"|applaus|gelächter|lacht|lachen|musik|räusper|hust|seufz|stille|unverständlich|rire|rit\b|rires|musique|soupir"
    r"|inaudible|risa|aplauso|música|musica|suspiro|tos\b|risate|applausi|silenzio|gelach|applaus|muziek|skratt|musik)",
    re.IGNORECASE,
)


def without_sounds(text: str) -> str:
    """The words of a caption without what describes sounds.

    Args:
        text: lines parted by `\\n`; a description may go over a line's end.

    Returns:
        Square brackets that hold letters go, whatever is in them; round ones and asterisks only where they name a
        sound, since people also say what writers put in brackets. Of a song the words stay, the notes go.
    """
    text = _SQUARE.sub(_unless(lambda inside: any(sign.isalpha() for sign in inside)), text)
    text = _ROUND.sub(_unless(_is_heard), text)
    text = _STARRED.sub(_unless(_is_heard), text)
    text = _SUNG.sub(lambda found: "" if not found["words"] or _is_heard(found["words"]) else found["words"], text)
    return "\n".join(" ".join(line.split()) for line in text.split("\n"))


def _unless(is_sound: Callable[[str], bool]) -> Callable[[re.Match[str]], str]:
    return lambda found: "" if is_sound(found[1]) else found[0]


def _is_heard(inside: str) -> bool:
    words = inside.split()
    if not words or len(words) > _MOST_WORDS:
        return False
    return _HEARD.search(inside) is not None

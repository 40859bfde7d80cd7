"""A caption file of any kind → what is said in it, and when."""

from __future__ import annotations

import re

from cml_mm.errors import LimitExceeded, MediaUnreadable
from cml_mm.lectures.values import Speech
from cml_mm.media.captions.ass import is_ass, read_ass
from cml_mm.media.captions.encodings import decoded_captions
from cml_mm.media.captions.languages import language_in_name
from cml_mm.media.captions.speech import speech_of
from cml_mm.media.captions.srt import read_srt
from cml_mm.media.captions.times import timing
from cml_mm.media.captions.vtt import is_vtt, read_vtt
from cml_mm.media.captions.written import Captions
from cml_mm.media.reading import clean
from cml_mm.visits import Limits

_HEAD_LINES = 2  # that are not blank: a number or a name may stand before the first times
_HEAD_CHARACTERS = 4_096
_OTHERS = (
    (re.compile(r"\s*\{\d+\}\{\d+\}"), "counts its captions in frames, not in seconds"),
    (re.compile(r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:\w{1,20}:)?tt[\s>]", re.S), "is TTML"),
    (re.compile(r"\s*<SAMI", re.I), "is SAMI"),
    (re.compile(r"\s*(?:\[[a-z]+:[^\]\n]*\]\s*)*\[\d+:\d+(?:[.:]\d+)?\]"), "holds the words of a song (LRC)"),
)
_PICTURE = re.compile(r"\S+\.(?:jpe?g|png|webp)(?:[#?]\S*)?", re.I)
_SAVE = "Save the captions as .srt or .vtt, and add those; a transcript without times can be added as .txt."


def read_captions(data: bytes, name: str, limits: Limits) -> Speech:
    """Read captions, whatever program wrote them: SubRip, WebVTT, SubStation or YouTube's .sbv.

    What they are is told by their text, not by their name.

    Args:
        data: the whole file.
        name: what it is called; "talk.de.srt" also says its language.
        limits: on its length.

    Returns: origin "captions"; what had to be mended stands in its notices.

    Raises:
        MediaUnreadable: it holds no captions, or none with words, or its encoding cannot be told.
        LimitExceeded: it is longer than is read.
    """
    if len(data) > limits.file_bytes:
        raise _too_long(name)
    decoded = decoded_captions(data, name)
    text = clean(decoded.text)
    if len(text) > limits.characters:
        raise _too_long(name)
    captions = _captions(text, name)
    if not captions.cues:
        raise _no_captions(text, name)
    speech = speech_of(captions, "captions", name, language_in_name(name))
    if not speech.cues or _is_for_programs(speech):
        raise MediaUnreadable(f"{name} holds captions without a spoken word.", _SAVE)
    if not decoded.notice:
        return speech
    return Speech(speech.cues, speech.origin, speech.language, speech.by, notices=(decoded.notice, *speech.notices))


def is_captions(text_head: bytes | str) -> bool:
    """Whether a text begins as captions do.

    Args:
        text_head: its first few thousand bytes or characters, or all of it.

    Returns: False for a text that only quotes captions further down.
    """
    head = _loosely(text_head) if isinstance(text_head, bytes) else text_head
    head = clean(head[:_HEAD_CHARACTERS]).lstrip()
    if is_vtt(head) or is_ass(head):
        return True
    lines = [line for line in head.split("\n") if line.strip()][:_HEAD_LINES]
    return any(timing(line) is not None for line in lines)


def _captions(text: str, name: str) -> Captions:
    text = text.lstrip("\n \t")
    if is_ass(text):
        return read_ass(text)
    if is_vtt(text) or name.lower().endswith(".vtt"):
        return read_vtt(text)
    return read_srt(text)


def _loosely(head: bytes) -> str:
    """Enough of the signs to see what it is, in whatever encoding."""
    head = head[: 4 * _HEAD_CHARACTERS]
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head.decode(encoding, "ignore").removeprefix("\ufeff")
    if b"\x00" in head[:2]:
        return head.decode("utf-16-be" if head[:1] == b"\x00" else "utf-16-le", "ignore")
    return head.decode("utf-8", "replace").removeprefix("\ufeff")


def _is_for_programs(speech: Speech) -> bool:
    """Whether a file uses captions to list preview pictures, or data."""
    texts = [cue.text for cue in speech.cues]
    data = sum(_PICTURE.fullmatch(text) is not None or (text[0] == "{" and text[-1] == "}") for text in texts)
    return data * 10 > len(texts) * 9


def _no_captions(text: str, name: str) -> MediaUnreadable:
    known = next((what for form, what in _OTHERS if form.match(text)), "")
    if known:
        return MediaUnreadable(f"{name} {known}, a kind of captions that is not read.", _SAVE)
    return MediaUnreadable(f"{name} holds no captions: nothing in it says when something is said.", _SAVE)


def _too_long(name: str) -> LimitExceeded:
    return LimitExceeded(
        f"{name} is longer than any captions that are read.", "Cut it into parts, and add one of them."
    )

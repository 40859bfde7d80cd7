"""The bytes of a caption file → its text, in whatever encoding; where that cannot be told, a refusal, never a guess.

Unicode says so itself. In an older encoding, every reading that is possible is judged: its letters must be those of
one language, and that language's commonest words must occur. The best counts where it is far better than any that
reads differently.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cml_mm.errors import MediaUnreadable
from cml_mm.media.captions.tongues import TONGUES, Tongue

_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SIGNS = ("-->", "Dialogue:", "WEBVTT")
_ISO_2022 = re.compile(rb"\x1b\$[@B]")
_NAMES = {
    "cp1252": "Windows-1252", "cp1250": "Windows-1250", "cp1251": "Windows-1251", "cp1253": "Windows-1253",
    "cp1254": "Windows-1254", "cp1255": "Windows-1255", "cp1256": "Windows-1256", "cp1257": "Windows-1257",
    "cp932": "Shift JIS", "cp949": "EUC-KR", "euc_jp": "EUC-JP", "gb18030": "GB 18030", "big5hkscs": "Big5",
    "mac_roman": "Mac Roman", "koi8-u": "KOI8-U", "cp850": "DOS 850", "cp852": "DOS 852",
    "cp857": "DOS 857", "cp866": "DOS 866", "koi8-r": "KOI8-R", "iso2022_jp": "ISO-2022-JP",
}  # fmt: skip
_LATIN = 0x24F  # behind it come other scripts
_BESIDE_LETTERS = frozenset("’‘—")
_NEITHER_LETTERS = frozenset("–…“”„«»‹›€£°§·©®™¿¡ºª×÷\u00a0、。・「」『』【】（）！？：；，ー～《》")
_WORD = re.compile(r"[^\W\d_]+")
_JUDGED_BYTES = 60_000
_FEW_STRANGERS = 0.1  # of the signs beyond ASCII: a name in another language that has letters of its own …
_FEWER_STRANGERS = 0.02  # … where nearly every letter is such a sign
_LEAST = 0.06  # of the words, that are among a language's commonest
_FEWEST = 2  # different ones: a single short word occurs in many a language
_FAR_BETTER = 1.6  # times as many of them as in any other reading


@dataclass(frozen=True)
class Decoded:
    """`notice` says which encoding was told, where the file did not say it itself."""

    text: str
    notice: str = ""


def decoded_captions(data: bytes, name: str) -> Decoded:
    """The text of a caption file.

    Args:
        data: the whole file.
        name: what it is called, for messages.

    Returns: its text as written; control signs and line ends are as they were.

    Raises:
        MediaUnreadable: it is no text, or its encoding cannot be told for certain.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return Decoded(_strictly(data, encoding, name).removeprefix("\ufeff"))
    for encoding in ("utf-16-le", "utf-16-be"):
        if any(_stands_even(sign.encode(encoding), data[:_JUDGED_BYTES]) for sign in _SIGNS):
            return Decoded(_strictly(data, encoding, name))
    if b"\x00" in data:
        raise MediaUnreadable(f"{name} holds data, and no text.", "Save the captions as .srt or .vtt, and add those.")
    encoding = "iso2022_jp" if _ISO_2022.search(data) else "utf-8"
    try:
        return Decoded(data.decode(encoding), _told(encoding, name) if encoding != "utf-8" else "")
    except UnicodeDecodeError as exc:
        if encoding == "utf-8" and exc.start >= len(data) - 3 and exc.start > 0 and _cut_short(exc):
            return Decoded(data[: exc.start].decode("utf-8"), f"{name} breaks off in the middle of a letter.")
    return _old(data, name)


def _stands_even(sign: bytes, data: bytes) -> bool:
    """Whether a sign begins at an even place: the other order of bytes shows it at odd ones."""
    place = data.find(sign)
    while place % 2 == 1 and place >= 0:
        place = data.find(sign, place + 1)
    return place >= 0


def _strictly(data: bytes, encoding: str, name: str) -> str:
    unit = {"utf-32": 4, "utf-8-sig": 1}.get(encoding, 2)
    try:
        return data[: len(data) // unit * unit].decode(encoding)
    except UnicodeDecodeError as exc:
        raise _unsure(name) from exc


def _cut_short(error: UnicodeDecodeError) -> bool:
    return "unexpected end" in error.reason and any(byte > 0x7F for byte in error.object[: error.start])


def _old(data: bytes, name: str) -> Decoded:
    """The text in an encoding from before Unicode."""
    sample = _sample(data)
    judged: dict[str, tuple[float, str]] = {}  # a reading → the best that can be said of it, and its encoding
    for encoding, tongue, text in _readings(sample):
        worth = _worth(text, tongue)
        if worth > judged.get(text, (0.0, ""))[0]:
            judged[text] = (worth, encoding)
    best = sorted(judged.values(), reverse=True)
    if not best or best[0][0] < _LEAST or (len(best) > 1 and best[0][0] < best[1][0] * _FAR_BETTER):
        raise _unsure(name)
    encoding = best[0][1]
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as exc:
        raise _unsure(name) from exc
    return Decoded(text, _told(encoding, name))


def _sample(data: bytes) -> bytes:
    """Words to judge by: lines without times; of a long file first those that hold more than ASCII."""
    lines = [line for line in data.splitlines() if b"-->" not in line]
    if sum(map(len, lines)) > _JUDGED_BYTES:
        lines.sort(key=bytes.isascii)
    return b"\n".join(lines)[:_JUDGED_BYTES]


def _readings(sample: bytes) -> Iterator[tuple[str, Tongue, str]]:
    made: dict[str, str | None] = {}
    for tongue in TONGUES:
        for encoding in tongue.encodings:
            if encoding not in made:
                made[encoding] = _read(sample, encoding)
            text = made[encoding]
            if text is not None:
                yield encoding, tongue, text


def _read(sample: bytes, encoding: str) -> str | None:
    try:
        return sample.decode(encoding)
    except UnicodeDecodeError as exc:
        # Where the sample was cut, a sign of two bytes may be; anywhere else it is another encoding.
        if exc.start < len(sample) - 4 or len(sample) < _JUDGED_BYTES // 2:
            return None
        return sample[: exc.start].decode(encoding)


def _worth(text: str, tongue: Tongue) -> float:
    """How much a reading looks like a language, from 0 to 1."""
    beyond = [place for place, sign in enumerate(text) if ord(sign) > 0x7F]
    if not beyond:
        return 0.0
    if not tongue.spaced:
        known = sum(text[place] in tongue.words for place in beyond)
        return known / len(beyond) if known > _FEWEST else 0.0
    strangers = sum(_is_strange(text, place, tongue) for place in beyond)
    most = _FEWER_STRANGERS if 2 * len(beyond) > len(text) else _FEW_STRANGERS
    if strangers > most * len(beyond):
        return 0.0
    words = _WORD.findall(text.lower())
    known = sum(word in tongue.words for word in words)
    if len(tongue.words.intersection(words)) < _FEWEST:
        return 0.0
    return known / max(1, len(words)) * (1 - strangers / len(beyond))


def _is_strange(text: str, place: int, tongue: Tongue) -> bool:
    """Whether a sign beyond ASCII has no business in this language, there."""
    sign = text[place]
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    if sign in _BESIDE_LETTERS:
        return False
    if sign in _NEITHER_LETTERS:
        return before.isalpha() and after.isalpha()
    if sign.isalpha() and ord(sign) > _LATIN and any(one.isascii() and one.isalpha() for one in (before, after)):
        return True
    if not set(sign.lower()) <= tongue.letters:
        return True
    return sign.isupper() and before.islower()


def _told(encoding: str, name: str) -> str:
    said = _NAMES.get(encoding, encoding.upper().replace("ISO8859", "ISO 8859"))
    return f"{name} is not UTF-8: by its words it was read as {said}."


def _unsure(name: str) -> MediaUnreadable:
    return MediaUnreadable(
        f"{name} is not UTF-8 text, and its encoding cannot be told for certain.",
        "Open it in the program that made it, save it with the encoding UTF-8, then add it again.",
    )

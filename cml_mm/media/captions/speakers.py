"""Who says a caption, where its text tells: `ANNA: …`, `>> ANNA: …`, `[Anna]: …`, and dashes where speakers change."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cml_mm.media.captions.sounds import without_sounds
from cml_mm.media.captions.written import Line, Written

_LED = re.compile(
    r"(?P<mark>(?:>{1,3}|»)\s*|[-–—]\s*)?(?P<open>[\[(（【])?(?P<name>[^\W_][\w.'’&\- ]{0,39}?)(?(open)[\])）】])"
    r"\s?[:：](?=\s|\Z|(?<=：))\s*(?P<rest>.*)\Z"
)
_CHANGE = re.compile(r"(?:>{2,3}|»)\s*(?=\S)|[-–—]\s*(?=[^\W\d_]|[\"'“‘¿¡…])")
_DASHED = re.compile(r"[-–—]\s*[^\W\d_]")
_MOST_NAME_WORDS = 4
# Words that many a sentence puts before a colon, and that are nobody's name.
_NO_NAMES = frozenset(
    """note notice warning caution remember question answer example examples tip step rule rules lesson part chapter
    section point fact first second third fourth fifth next last finally then so but and or also now here there this
    that these those today summary conclusion problem solution principle practice idea goal aim result reason reminder
    important attention breaking update translation subtitles captions source sources definition option case figure
    slide table number task exercise homework hint see ps nb faq qa time date title subject topic agenda
    hinweis frage antwort beispiel regel schritt achtung wichtig fazit also zuerst zweitens drittens kapitel teil
    exemple question réponse règle attention étape donc chapitre ejemplo pregunta respuesta regla nota paso""".split()
)
_SMALL = frozenset("de del der den di da do dos du la le van von und y al el bin ibn of the".split())


@dataclass(frozen=True)
class Told:
    """What one speaker says in one caption, in milliseconds."""

    start_ms: int
    end_ms: int
    text: str
    speaker: str


def told(cues: Iterable[Written]) -> tuple[Told, ...]:
    """The words of captions, with who says them, and without sounds.

    Args:
        cues: in the order of their times.

    Returns:
        One for each caption that holds words; for a caption with several named speakers one each, at the same time. A
        name in capitals counts wherever it leads a line; one in small letters only where it leads several captions or
        follows `>>`, for many sentences begin with a word and a colon.
    """
    plain = [(cue, _without_sounds(cue.lines)) for cue in cues]
    names = _names([lines for _, lines in plain])
    found: list[Told] = []
    for cue, lines in plain:
        for speaker, texts in _turns(lines, names):
            text = _joined(texts)
            if any(sign.isalnum() for sign in text):
                found.append(Told(cue.start_ms, cue.end_ms, text, speaker))
    return tuple(found)


def _without_sounds(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines that markup gives to one speaker are looked at together: brackets may go over their ends."""
    found: list[Line] = []
    place = 0
    while place < len(lines):
        end = place
        while end < len(lines) and lines[end].speaker == lines[place].speaker:
            end += 1
        text = without_sounds("\n".join(line.text for line in lines[place:end]))
        found += [Line(line, lines[place].speaker) for line in text.split("\n") if line]
        place = end
    return tuple(found)


def _names(cues: Sequence[Sequence[Line]]) -> frozenset[str]:
    """The names that lead lines of this file and are believed."""
    letters = [sign for lines in cues for line in lines for sign in _unled(line.text) if sign.isalpha()]
    shouted = sum(sign.isupper() for sign in letters) > 0.6 * len(letters)
    often: Counter[str] = Counter()
    sure: set[str] = set()
    for lines in cues:
        for place, line in enumerate(lines):
            found = _LED.match(line.text)
            if found is None or not _may_be_name(found["name"]):
                continue
            name, mark = found["name"], found["mark"] or ""
            if mark[:1] in (">", "»") or found["open"] or (_is_caps(name) and not shouted):
                sure.add(name)
            elif place == 0 or mark:
                often[name] += 1
    return frozenset(sure | {name for name, count in often.items() if count > 1})


def _unled(text: str) -> str:
    """A line without what may be a name."""
    found = _LED.match(text)
    return text if found is None else found["rest"]


def _may_be_name(name: str) -> bool:
    words = name.split()
    if not 1 <= len(words) <= _MOST_NAME_WORDS or words[0].strip(".").casefold() in _NO_NAMES or name.isdigit():
        return False
    return all(word[0].isupper() or word[0].isdigit() or _is_uncased(word) or word in _SMALL for word in words)


def _is_caps(name: str) -> bool:
    return name.upper() == name and sum(sign.isalpha() for sign in name) > 1 and not _is_uncased(name)


def _is_uncased(word: str) -> bool:
    """Whether a script without small and capital letters: nothing there sets a name apart but that it comes again."""
    return word.upper() == word.lower() and any(sign.isalpha() for sign in word)


def _turns(lines: Sequence[Line], names: frozenset[str]) -> Iterator[tuple[str, list[str]]]:
    """What each speaker says in one caption, line by line."""
    speaker, held, marked = "", list[str](), ""
    dashes = sum(_DASHED.match(line.text) is not None for line in lines)
    for place, line in enumerate(lines):
        found = _LED.match(line.text)
        named = found is not None and found["name"] in names
        change = _CHANGE.match(line.text)
        text = found["rest"] if found is not None and named else line.text
        if not named and change is not None and (change.group()[0] in ">»" or place == 0 or dashes > 1):
            text = line.text[change.end() :]
        else:
            change = None
        who = found["name"] if found is not None and named else line.speaker
        if not named and change is None and line.speaker == marked:
            who = speaker  # goes on
        if who != speaker and held:
            yield speaker, held
            held = []
        speaker, marked = who, line.speaker
        held.append(text)
    if held:
        yield speaker, held


def _joined(texts: Sequence[str]) -> str:
    """Lines as one, with a blank between them where their script writes blanks."""
    whole = ""
    for text in texts:
        blank = " " if whole and text and not (_is_unspaced(whole[-1]) and _is_unspaced(text[0])) else ""
        whole += blank + text
    return whole.strip()


def _is_unspaced(sign: str) -> bool:
    """Signs of Chinese and Japanese, Thai, Lao, Burmese and Khmer."""
    return any(
        first <= sign <= last
        for first, last in (
            ("\u3000", "\u9fff"),
            ("\uff00", "\uffef"),
            ("\u0e00", "\u0eff"),
            ("\u1000", "\u109f"),
            ("\u1780", "\u17ff"),
        )
    )

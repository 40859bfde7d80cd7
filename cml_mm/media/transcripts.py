"""What was heard in a recording → sentences, each with the seconds in which it is said.

A recogniser gives words with times. They are joined into sentences at full stops and at pauses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cml_mm.lectures.values import Cue
from cml_mm.media.reading import clean
from cml_mm.ports import SpokenWord, Transcript

PAUSE_SECONDS = 1.2  # ends a sentence, whatever its last word looks like
LONG_SENTENCE_WORDS = 30  # is cut at the next comma or breath …
LONGEST_SENTENCE_WORDS = 45  # … or here
_BREATH_SECONDS = 0.3

_END = re.compile(r"[.!?…。！？।؟]+[\"'”’»)\]]*\Z")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|dr|mr|mrs|ms|st|prof|no|approx)|\b[A-Za-z])\.\Z", re.IGNORECASE
)
_LETTER = re.compile(r"[^\W_]")
_COMMA = re.compile(r"[,;:，、；：،]\Z")
# These write no blanks between words.
_UNSPACED = frozenset({"zh", "ja", "th", "lo", "my", "km"})


def spoken_cues(transcript: Transcript) -> tuple[Cue, ...]:
    """The words of a recording as sentences.

    Args:
        transcript: words in order, times in seconds from the recording's start.

    Returns: none where nothing was said that has a letter in it; a cue's confidence is the mean of its words'.
    """
    blank = "" if transcript.language in _UNSPACED else " "
    return tuple(cue for cue in _sentences(transcript.words, blank) if _LETTER.search(cue.text))


def _sentences(words: Sequence[SpokenWord], blank: str) -> Iterator[Cue]:
    held: list[SpokenWord] = []
    for place, word in enumerate(words):
        after = words[place + 1] if place + 1 < len(words) else None
        if _said(word):
            held.append(word)
        pause = after.start_seconds - word.end_seconds if after is not None else PAUSE_SECONDS
        if held and _ends(_said(held[-1]), len(held), pause):
            yield _sentence(held, blank)
            held = []
    if held:
        yield _sentence(held, blank)


def _ends(last: str, words: int, pause: float) -> bool:
    if pause >= PAUSE_SECONDS or words >= LONGEST_SENTENCE_WORDS:
        return True
    if words >= LONG_SENTENCE_WORDS and (pause >= _BREATH_SECONDS or _COMMA.search(last)):
        return True
    return _END.search(last) is not None and _ABBREVIATION.search(last) is None


def _sentence(words: Sequence[SpokenWord], blank: str) -> Cue:
    return Cue(
        start_seconds=words[0].start_seconds,
        end_seconds=max(word.end_seconds for word in words),
        text=blank.join(map(_said, words)),
        confidence=sum(word.confidence for word in words) / len(words),
    )


def _said(word: SpokenWord) -> str:
    return " ".join(clean(word.text).split())

"""What was heard in a recording → sections of about a minute, each sentence with the seconds in which it is said.

A recogniser gives words with times. They are joined into sentences at full stops and at pauses, sentences into
sections where the speaker rests; a section's heading is its time, "2:00–3:04".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cml_mm.media.reading import Reading, clean, placed_once
from cml_mm.ports import SpokenWord, Transcript
from cml_mm.types import Section, clock
from cml_mm.visits import FileFormat, Placing, TimedRun

PAUSE_SECONDS = 1.2  # ends a sentence, whatever its last word looks like
REST_SECONDS = 2.0  # ends a paragraph
SECTION_SECONDS = 60.0
EARLIEST_SECONDS = 40.0  # a section that is this long ends at the next rest
LONG_SENTENCE_WORDS = 30  # is cut at the next comma or breath …
LONGEST_SENTENCE_WORDS = 45  # … or here
_BREATH_SECONDS = 0.3
_SILENCE_SECONDS = 30.0  # parts sections, however short the one before is

_END = re.compile(r"[.!?…。！？।؟]+[\"'”’»)\]]*\Z")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|dr|mr|mrs|ms|st|prof|no|approx)|\b[A-Za-z])\.\Z", re.IGNORECASE
)
_COMMA = re.compile(r"[,;:，、；：،]\Z")
# These write no blanks between words.
_UNSPACED = frozenset({"zh", "ja", "th", "lo", "my", "km"})


@dataclass(frozen=True)
class _Sentence:
    text: str
    start: float  # seconds
    end: float
    sure: float  # the sum of its words' confidences
    words: int

    @property
    def whole(self) -> bool:
        """Whether it ends as written sentences do."""
        return _END.search(self.text) is not None


def spoken_reading(transcript: Transcript, kind: FileFormat) -> Reading:
    """The words of a recording as a document's sections.

    Args:
        transcript: words in order, times in seconds from the recording's start.
        kind: "sound" or "film".

    Returns: no section where nothing was said.
    """
    blank = "" if transcript.language in _UNSPACED else " "
    parts = [_section(sentences, blank) for sentences in _minutes(list(_sentences(transcript.words, blank)))]
    sections, placings = placed_once(parts)
    return Reading(sections, kind, placings=placings)


def _sentences(words: Sequence[SpokenWord], blank: str) -> Iterator[_Sentence]:
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


def _sentence(words: Sequence[SpokenWord], blank: str) -> _Sentence:
    return _Sentence(
        text=blank.join(map(_said, words)),
        start=words[0].start_seconds,
        end=max(word.end_seconds for word in words),
        sure=sum(word.confidence for word in words),
        words=len(words),
    )


def _said(word: SpokenWord) -> str:
    return " ".join(clean(word.text).split())


def _minutes(sentences: Sequence[_Sentence]) -> Iterator[list[_Sentence]]:
    held: list[_Sentence] = []
    for sentence in sentences:
        if held:
            rest, length = sentence.start - held[-1].end, held[-1].end - held[0].start
            rests = rest >= REST_SECONDS and length >= EARLIEST_SECONDS
            if rests or rest >= _SILENCE_SECONDS or sentence.end - held[0].start > SECTION_SECONDS:
                yield held
                held = []
        held.append(sentence)
    if held:
        yield held


def _section(sentences: Sequence[_Sentence], blank: str) -> tuple[Section, Placing]:
    text = ""
    times: list[TimedRun] = []
    before: _Sentence | None = None
    for sentence in sentences:
        if before is not None:  # without its full stop, only a paragraph's end keeps it apart from the next
            text += "\n\n" if sentence.start - before.end >= REST_SECONDS or not before.whole else blank
        times.append(TimedRun(len(text), len(text) + len(sentence.text), sentence.start, sentence.end))
        text += sentence.text
        before = sentence
    words = sum(sentence.words for sentence in sentences)
    heading = f"{clock(sentences[0].start)}–{clock(sentences[-1].end)}"
    sure = sum(sentence.sure for sentence in sentences) / words
    return Section("other", heading, text), Placing(origin="speech", confidence=sure, times=tuple(times))

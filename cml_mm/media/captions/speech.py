"""Captions as they were written → `Speech`: mended, in order, each word once, speakers named."""

from __future__ import annotations

from cml_mm.errors import LimitExceeded
from cml_mm.lectures.values import Cue, Speech, SpeechOrigin
from cml_mm.media.captions.order import in_order, overlap_notice
from cml_mm.media.captions.rolling import unrolled
from cml_mm.media.captions.speakers import told
from cml_mm.media.captions.written import MOST_CUES, Captions, many
from cml_mm.types import clock

_MILLISECONDS = 1000
_SPARE_SECONDS = 1.0  # a recording may say that it is a little shorter than it plays


def speech_of(captions: Captions, origin: SpeechOrigin, by: str, language: str = "") -> Speech:
    """What is said, as the steps after this need it.

    Args:
        captions: as the file or track holds them.
        origin: "captions" or "track".
        by: the file or track, for readers.
        language: where the captions themselves do not say it.

    Returns: no cue where the captions hold no words. Times are seconds, exact to the millisecond as written.

    Raises:
        LimitExceeded: there are more captions than are read.
    """
    if len(captions.cues) > MOST_CUES:
        raise too_many(by, len(captions.cues))
    ordered, mended = in_order([cue for cue in captions.cues if cue.lines])
    once, rolls = unrolled(ordered)
    cues = tuple(
        Cue(one.start_ms / _MILLISECONDS, one.end_ms / _MILLISECONDS, one.text, one.speaker) for one in told(once)
    )
    notices = (*captions.notices, *mended, *rolls, *overlap_notice(once))
    return Speech(cues, origin, captions.language or language, by, notices=notices)


def fitted(speech: Speech, seconds: float) -> Speech:
    """Captions within a recording: what lies beyond its end is left out or cut, and said.

    Args:
        speech: as read.
        seconds: how long the recording plays; 0 or less where that is not known.

    Returns: the same value where all of it fits.
    """
    if seconds <= 0:
        return speech
    kept = tuple(
        cue if cue.end_seconds <= seconds else Cue(cue.start_seconds, seconds, cue.text, cue.speaker, cue.confidence)
        for cue in speech.cues
        if cue.start_seconds < seconds
    )
    if kept == speech.cues:
        return speech
    lost = len(speech.cues) - len(kept)
    reach = max(cue.end_seconds for cue in speech.cues)
    notices = speech.notices
    if lost == len(speech.cues):
        first = clock(speech.cues[0].start_seconds)
        notices += (
            f"None of the captions falls into this recording: it ends at {clock(seconds)}, and they begin at {first}. "
            "They may belong to another recording.",
        )
    elif lost:
        notices += (f"{many(lost)} lay beyond the recording's end at {clock(seconds)} and were left out.",)
    elif reach > seconds + _SPARE_SECONDS:
        notices += (f"The last caption was cut at the recording's end, {clock(seconds)}.",)
    return Speech(kept, speech.origin, speech.language, speech.by, speech.confidence, notices)


def too_many(name: str, count: int) -> LimitExceeded:
    """The error for more captions than are read."""
    return LimitExceeded(
        f"{name} holds {many(count)}; {MOST_CUES:,} are read at most.", "Cut it into parts, and add them one by one."
    )

"""A recording's sound → what is said: heard by the profile's recogniser, with the seconds of every word.

The recogniser runs here, in the process that serves, which may have a graphics card; one recording is heard at a
time. Long ones are given to it in pieces that end where nobody speaks, so that the memory is that of one piece.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cml_mm.lectures.values import Speech, SpeechOrigin
from cml_mm.media.sound import SAMPLES_A_SECOND
from cml_mm.media.transcripts import spoken_cues
from cml_mm.models.hearing import quietest
from cml_mm.ports import Cancelled, SpokenWord, Told, Transcriber, Transcript

DOUBTFUL_SPEECH = 0.6  # mean probability of the words, below which the whole is doubtful
PIECE_SECONDS = 600
_QUIET_WITHIN_SECONDS = 30  # of a piece's end
_WAIT_SECONDS = 0.1  # between two looks at Cancel
_LOUDEST = 32_768.0
_WAITING = "Waiting until another recording has been heard"
WEAK = "The transcript was made by a weak recogniser: it is searched, and never quoted."


class Kept(Protocol):
    """Where pieces that were heard lie until the whole recording is kept."""

    def transcript(self, step: str) -> Transcript | None:
        """What was heard of a piece before; None where it was not."""

    def keep_transcript(self, step: str, heard: Transcript) -> None: ...


@dataclass(frozen=True)
class _Piece:
    """Samples `start` to `end`, of `all` in the whole recording."""

    start: int
    end: int
    all: int


@dataclass(frozen=True)
class Listener:
    """Has recordings heard, one at a time."""

    transcriber: Transcriber
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def listen(self, samples: NDArray[np.int16], told: Told, cancelled: Cancelled, kept: Kept) -> Speech | None:
        """Everything that was said, sentence by sentence.

        Args:
            samples: mono, 16,000 a second of 16 bits each.
            told: progress in words.
            kept: pieces that were heard before, in a reading that was cut; those that are heard now are put there.

        Returns: None where it was cancelled. There are no cues where nothing was said that could be made out.
        Raises:
            ModelMissing, ModelError, OutOfMemory.
        """
        while not self._turn.acquire(timeout=_WAIT_SECONDS):
            told(_WAITING, 0, 0)
            if cancelled():
                return None
        try:
            heard = self._heard(samples, told, cancelled, kept)
        finally:
            self._turn.release()
        return None if heard is None else _speech(heard)

    def _heard(self, samples: NDArray[np.int16], told: Told, cancelled: Cancelled, kept: Kept) -> Transcript | None:
        found: list[Transcript] = []
        words: list[SpokenWord] = []
        spans: list[tuple[float, float]] = []
        for piece in _pieces(samples):
            if cancelled():
                return None
            one = kept.transcript(self._step(piece))
            if one is None:
                part = samples[piece.start : piece.end].astype(np.float32) / _LOUDEST
                one = self.transcriber.transcribe(part, _telling(piece, told), cancelled)
                if one is None:
                    return None
                kept.keep_transcript(self._step(piece), one)
            found.append(one)
            words += _moved(one, piece)
            spans += _moved_spans(one, piece)
        spoken = Counter({one.language: 0 for one in found})
        for one in found:
            spoken[one.language] += len(one.words)
        language = spoken.most_common(1)[0][0] if words else ""
        sure = sum(word.confidence for word in words) / len(words) if words else 0.0
        notices = dict.fromkeys(notice for one in found for notice in one.notices)
        return Transcript(
            words=tuple(words),
            language=language,
            origin=found[0].origin if found else self.transcriber.name,
            confidence=sure,
            origin_kind=_kind(found, bool(words)),
            spans=tuple(spans),
            notices=tuple(notices),
        )

    def _step(self, piece: _Piece) -> str:
        """What a piece's transcript is kept under: whoever hears it otherwise hears it anew."""
        return f"{self.transcriber.name} {piece.start}-{piece.end}"


def _pieces(samples: NDArray[np.int16]) -> Iterator[_Piece]:
    """About ten minutes each; none begins within a word, where there is a quiet moment to begin at."""
    start, longest = 0, PIECE_SECONDS * SAMPLES_A_SECOND
    while start < len(samples):
        end = len(samples)
        if end - start > 1.2 * longest:
            end = quietest(samples, start + longest - _QUIET_WITHIN_SECONDS * SAMPLES_A_SECOND, start + longest)
        yield _Piece(start, end, len(samples))
        start = end


def _telling(piece: _Piece, told: Told) -> Told:
    """Turns how much of a piece is heard, in whatever measure, into minutes of the whole recording."""
    whole = piece.all / SAMPLES_A_SECOND
    minutes = max(1, -int(-whole // 60))

    def tell(words: str, done: int, of: int) -> None:
        share = min(1.0, done / of) if of else 0.0
        at = (piece.start + share * (piece.end - piece.start)) / SAMPLES_A_SECOND
        told(f"Listening: minute {min(minutes, int(at // 60) + 1)} of {minutes}", int(at), max(1, int(whole)))

    return tell


def _moved(heard: Transcript, piece: _Piece) -> Iterator[SpokenWord]:
    """The words of a piece at their time in the whole, within it and in order."""
    offset, last = piece.start / SAMPLES_A_SECOND, piece.end / SAMPLES_A_SECOND
    before = offset
    for word in heard.words:
        start = min(last, max(before, offset + word.start_seconds))
        end = min(last, max(start, offset + word.end_seconds))
        before = start
        yield replace(
            word,
            start_seconds=round(start, 3),
            end_seconds=round(end, 3),
            confidence=min(1.0, max(0.0, word.confidence)),
        )


def _moved_spans(heard: Transcript, piece: _Piece) -> Iterator[tuple[float, float]]:
    """When somebody speaks, at its time in the whole."""
    offset, last = piece.start / SAMPLES_A_SECOND, piece.end / SAMPLES_A_SECOND
    for start, end in heard.spans:
        first = min(last, offset + max(0.0, start))
        yield round(first, 3), round(min(last, max(first, offset + end)), 3)


def _kind(found: Sequence[Transcript], words: bool) -> SpeechOrigin:
    """Who heard the whole: whoever heard words in any piece, else whoever knows when somebody speaks."""
    if not words:
        return "spans" if any(one.spans for one in found) else "none"
    return next(one.origin_kind for one in found if one.words)


def _speech(heard: Transcript) -> Speech:
    cues = spoken_cues(heard)
    origin: SpeechOrigin = heard.origin_kind if cues else "spans" if heard.spans else "none"
    notices = tuple(dict.fromkeys((*heard.notices, *_notices(heard, origin))))
    return Speech(cues, origin, heard.language, heard.origin, heard.confidence, notices)


def _notices(heard: Transcript, origin: SpeechOrigin) -> Iterator[str]:
    if origin == "spans":
        minutes = max(1, round(sum(end - start for start, end in heard.spans) / 60))
        length = f"about {minutes} minute{'s' * (minutes > 1)}"
        yield f"Somebody speaks for {length} of it; nobody here can make out the words."
    elif origin != "none":
        yield f"Heard by {heard.origin}: words may be wrong."
    if origin == "weak recogniser":
        yield WEAK
    elif origin == "recogniser" and heard.confidence < DOUBTFUL_SPEECH:
        yield "Much of it was heard with doubt; listen to what you rely on."

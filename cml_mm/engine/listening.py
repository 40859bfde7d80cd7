"""A recording's sound → a file that can be asked: heard by the profile's recogniser, with the seconds of every word.

The recogniser runs here, in the process that serves, which may have a graphics card; one recording is heard at a
time. Long ones are given to it in pieces that end where nobody speaks, so that the memory is that of one piece.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from cml_mm.answering.language import LANGUAGE_NAMES
from cml_mm.errors import MediaUnreadable
from cml_mm.media.reading import Reading, summary_of
from cml_mm.media.sound import SAMPLES_A_SECOND
from cml_mm.media.transcripts import spoken_reading
from cml_mm.models.hearing import quietest
from cml_mm.ports import Cancelled, SpokenWord, Told, Transcriber, Transcript
from cml_mm.types import Document, Source
from cml_mm.visits import ReadFile, Sound

DOUBTFUL_SPEECH = 0.6  # mean probability of the words, below which the whole is doubtful
PIECE_SECONDS = 600
_QUIET_WITHIN_SECONDS = 30  # of a piece's end
_WAIT_SECONDS = 0.1  # between two looks at Cancel
_LOUDEST = 32_768.0
_WAITING = "Waiting until another recording has been heard"
_LIBRARY_LANGUAGES = frozenset({"", "en"})


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

    def listen(
        self, sound: Sound, name: str, file: str, sha256: str, told: Told, cancelled: Cancelled
    ) -> ReadFile | None:
        """Everything that was said, as a document whose sentences know their seconds.

        Args:
            sound: what is to be heard.
            name: what the visitor calls the file.
            file: the id that its document gets as slug.
            sha256: of the file's bytes.
            told: progress in words.

        Returns: None where it was cancelled.
        Raises:
            MediaUnreadable: nobody speaks in it.
            ModelMissing, ModelError, OutOfMemory.
        """
        while not self._turn.acquire(timeout=_WAIT_SECONDS):
            told(_WAITING, 0, 0)
            if cancelled():
                return None
        try:
            heard = self._heard(sound.samples, told, cancelled)
        finally:
            self._turn.release()
        if heard is None:
            return None
        reading = spoken_reading(heard, sound.format)
        if not reading.sections:
            raise MediaUnreadable(
                f"{name} holds no speech that could be made out.",
                "Add its transcript as .txt, or a recording in which people are closer to the microphone.",
            )
        notices = (*sound.notices, *_notices(heard, sound))
        return ReadFile(_document(reading, name, file, sha256), reading.placings, notices=notices)

    def _heard(self, samples: NDArray[np.int16], told: Told, cancelled: Cancelled) -> Transcript | None:
        found: list[Transcript] = []
        words: list[SpokenWord] = []
        for piece in _pieces(samples):
            if cancelled():
                return None
            part = samples[piece.start : piece.end].astype(np.float32) / _LOUDEST
            one = self.transcriber.transcribe(part, _telling(piece, told), cancelled)
            if one is None:
                return None
            found.append(one)
            words += _moved(one, piece)
        spoken = Counter({one.language: 0 for one in found})
        for one in found:
            spoken[one.language] += len(one.words)
        language = spoken.most_common(1)[0][0] if words else ""
        sure = sum(word.confidence for word in words) / len(words) if words else 0.0
        return Transcript(tuple(words), language, found[0].origin if found else self.transcriber.name, sure)


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


def _notices(heard: Transcript, sound: Sound) -> Iterator[str]:
    yield f"Heard by {heard.origin}: words may be wrong."
    if heard.confidence < DOUBTFUL_SPEECH:
        yield "Much of it was heard with doubt; listen to what you rely on."
    if sound.format == "film":
        yield "Only the sound of this film was read; what it shows was not."
    if heard.language not in _LIBRARY_LANGUAGES:
        language = LANGUAGE_NAMES.get(heard.language, "a language other than English")
        yield f"It seems to be in {language}, and the library is in English: what the two share may be missed."


def _document(reading: Reading, name: str, file: str, sha256: str) -> Document:
    source = Source(sha256, name, "document", file, name, "", "", owner="visitor")
    return Document(file, name, source, summary_of(reading.sections), reading.sections, reading.format)

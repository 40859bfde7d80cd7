"""What is said of a recording: who heard its words and how surely, where in it something stands."""

from __future__ import annotations

from cml_mm.lectures.values import Chapter, Lecture, Speech
from cml_mm.types import clock

UNSURE = 0.5  # a sentence that a recogniser is less sure of is marked as such


def origin_words(speech: Speech) -> str:
    """Who says what was said, for the head of a transcript: "Heard by Whisper base, 83 % sure: words may be wrong."."""
    who = speech.by or "a recogniser"
    words = {
        "track": "Captions by the file.",
        "captions": f"Captions by the file {speech.by} beside it." if speech.by else "Captions beside the file.",
        "recogniser": f"Heard by {who}{_sure(speech)}: words may be wrong.",
        "weak recogniser": f"Heard by {who}{_sure(speech)}. A weak recogniser: searched, never quoted.",
        "spans": "When somebody speaks is known, what they say is not.",
        "none": "What is said in it was not heard.",
    }
    return words[speech.origin]


def quoted_words(speech: Speech) -> str:
    """The same at a quote, behind its place: "captions by the file"; empty where there are no words."""
    who = speech.by or "a recogniser"
    words = {
        "track": "captions by the file",
        "captions": f"captions by {speech.by}" if speech.by else "captions beside the file",
        "recogniser": f"heard by {who}{_sure(speech)}, words may be wrong",
        "weak recogniser": f"heard by {who}{_sure(speech)}, a weak recogniser",
    }
    return words.get(speech.origin, "")


def track_words(speech: Speech) -> str:
    """What a player calls its captions; empty where there are none."""
    if not speech.cues:
        return ""
    return "Captions" if speech.origin in ("track", "captions") else "As it was heard, words may be wrong"


def chapter_at(lecture: Lecture, seconds: float) -> Chapter | None:
    """The chapter that a moment is in."""
    return next((one for one in lecture.chapters if one.start_seconds <= seconds < one.end_seconds), None)


def size_words(lecture: Lecture) -> str:
    """ "1:30 long, 3 slides, 3 chapters, 11 sentences"."""
    counts = (
        (len(lecture.slides), "slide"),
        (len(lecture.chapters), "chapter"),
        (len(lecture.speech.cues), "caption" if lecture.speech.origin in ("track", "captions") else "sentence"),
    )
    parts = [f"{count:,} {noun}{'' if count == 1 else 's'}" for count, noun in counts if count]
    return ", ".join([f"{clock(lecture.seconds)} long", *parts])


def _sure(speech: Speech) -> str:
    """How sure the recogniser says it is, on the whole; nothing where it does not."""
    return f", {round(100 * speech.confidence)} % sure" if 0 < speech.confidence < 1 else ""

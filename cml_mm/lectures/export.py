"""A lecture's transcript and chapters as files that other programs read.

WebVTT is written after the W3C's specification (https://www.w3.org/TR/webvtt1/), SubRip as players read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cml_mm.lectures.sentences import ends_whole
from cml_mm.lectures.terms import UNSPACED, flat
from cml_mm.lectures.values import Chapter, Cue, Lecture, Slide, Speech
from cml_mm.lectures.wording import PARAGRAPH_SECONDS
from cml_mm.types import clock

_LINE = 42  # characters of a caption's line
_LONG = 3 * _LINE  # what was heard as one sentence, and covers more of the picture than this, is shown in parts
_WEAK_SECONDS = 4.0
_WEAK = "These words were recognised with little certainty; listen before you quote them."
_MARKS = re.compile(r"([\\`*_\[\]<>#|~])")
_LIST_LIKE = re.compile(r"\A(\d{1,9})([.)])(?=\s|\Z)|\A([-+=])")


def to_vtt(lecture: Lecture) -> str:
    """The transcript as WebVTT, each cue with its speaker where one is known.

    Captions keep their times. A long sentence that a recogniser heard is shown in parts, each for as long as its share
    of the letters; the first begins and the last ends with the sentence.
    """
    blocks = ["WEBVTT" + (f"\nLanguage: {lecture.speech.language}" if lecture.speech.language else "")]
    if not lecture.speech.quotable and lecture.speech.cues:
        blocks.append(f"NOTE {_WEAK}")
    for number, cue in enumerate(_shown(lecture.speech), 1):
        words = "\n".join(_vtt_text(line) for line in _lines(cue.text))
        voice = f"<v {_voice(cue.speaker)}>{words}</v>" if flat(cue.speaker) else words
        blocks.append(f"{number}\n{_times(cue.start_seconds, cue.end_seconds, '.')}\n{voice}")
    return "\n\n".join(blocks) + "\n"


def to_srt(lecture: Lecture) -> str:
    """The transcript as SubRip; a speaker's name stands before what they say. It has no notes: doubt is a caption."""
    blocks = []
    if not lecture.speech.quotable and lecture.speech.cues:
        blocks.append(f"0\n{_times(0.0, _WEAK_SECONDS, ',')}\n{_WEAK}")
    for number, cue in enumerate(_shown(lecture.speech), 1):
        words = "\n".join(line.replace("-->", "→") for line in _lines(cue.text))
        said = f"{flat(cue.speaker)}: {words}" if flat(cue.speaker) else words
        blocks.append(f"{number}\n{_times(cue.start_seconds, cue.end_seconds, ',')}\n{said}")
    return "\n\n".join(blocks) + "\n" if blocks else ""


def chapters_vtt(lecture: Lecture) -> str:
    """The chapters as a WebVTT track of the kind "chapters"."""
    blocks = ["WEBVTT"]
    for chapter in lecture.chapters:
        times = _times(chapter.start_seconds, chapter.end_seconds, ".")
        blocks.append(f"{chapter.number}\n{times}\n{_vtt_text(flat(chapter.title))}")
    return "\n\n".join(blocks) + "\n"


def to_markdown(lecture: Lecture, title: str) -> str:
    """The lecture to read: chapters with their times, under each its slides' words and what is said, in paragraphs."""
    parts = [f"# {_marked(title) or 'Recording'}"]
    if not lecture.speech.quotable and any(flat(cue.text) for cue in lecture.speech.cues):
        parts.append(f"*{_WEAK}*")
    for chapter in lecture.chapters:
        times = f"{clock(chapter.start_seconds)}–{clock(chapter.end_seconds)}"
        parts.append(f"## {times} · {_marked(chapter.title)}")
        parts.extend(_chapter_parts(lecture, chapter))
    return "\n\n".join(parts) + "\n"


def _chapter_parts(lecture: Lecture, chapter: Chapter) -> Iterator[str]:
    slides = {slide.number: slide for slide in lecture.slides}
    seen = {moment.slide for moment in lecture.moments if moment.chapter < chapter.number}
    blank = "" if lecture.speech.language in UNSPACED else " "
    for moment in lecture.moments:
        if moment.chapter != chapter.number:
            continue
        slide = slides.get(moment.slide)
        if slide is not None and slide.number not in seen and slide.lines:
            yield _slide(slide)
        seen.add(moment.slide)
        yield from _paragraphs(lecture.speech.cues[slice(*moment.cues)], blank)


def _slide(slide: Slide) -> str:
    lines = [f"> **Slide at {clock(slide.start_seconds)}**"]
    lines += [f"> {_marked(line.text)}" for line in slide.lines if flat(line.text)]
    return "  \n".join(lines)  # two blanks: a new line within the paragraph


def _paragraphs(cues: Sequence[Cue], blank: str) -> Iterator[str]:
    held: list[Cue] = []
    for cue in (cue for cue in cues if flat(cue.text)):
        if held and (
            cue.speaker != held[-1].speaker
            or (cue.start_seconds - held[-1].end_seconds >= PARAGRAPH_SECONDS and ends_whole(flat(held[-1].text)))
        ):
            yield _paragraph(held, blank)
            held = []
        held.append(cue)
    if held:
        yield _paragraph(held, blank)


def _paragraph(cues: Sequence[Cue], blank: str) -> str:
    said = _marked(blank.join(flat(cue.text) for cue in cues))
    speaker = f"**{_marked(cues[0].speaker)}:** " if flat(cues[0].speaker) else ""
    return f"[{clock(cues[0].start_seconds)}] {speaker}{said}"


def _marked(text: str) -> str:
    """A text on one line that Markdown shows as it stands."""
    escaped = _MARKS.sub(r"\\\1", flat(text)).replace("&", "&amp;")
    return _LIST_LIKE.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", escaped)


def _shown(speech: Speech) -> Iterator[Cue]:
    """The cues that have words and a length, those long ones that nobody wrote as captions in parts."""
    written = speech.origin in ("track", "captions")
    for cue in speech.cues:
        text = flat(cue.text)
        end = max(cue.end_seconds, cue.start_seconds + 0.001)
        if not text:
            continue
        parts = [cue.text] if written or len(text) <= _LONG else _split(text, -(-len(text) // _LONG))
        letters, at = sum(map(len, parts)), 0
        for part in parts:
            start, at = at, at + len(part)
            first, last = (cue.start_seconds + (end - cue.start_seconds) * share / letters for share in (start, at))
            yield Cue(first, last, part, cue.speaker, cue.confidence)


def _split(text: str, pieces: int) -> list[str]:
    """A text in so many pieces or fewer of about the same length, cut at blanks where there are any."""
    found: list[str] = []
    while pieces > 1:
        goal = len(text) // pieces
        blanks = [at for at in (text.rfind(" ", 1, goal + 1), text.find(" ", goal + 1)) if at > 0]
        at = min(blanks, key=lambda place: abs(place - goal)) if blanks else goal
        found.append(text[:at].rstrip())
        text, pieces = text[at:].lstrip(), pieces - 1
    return [part for part in (*found, text) if part]


def _lines(text: str) -> list[str]:
    """A cue's own lines; one that is too long for a screen in several."""
    own = [flat(line) for line in text.splitlines() if flat(line)]
    return [part for line in own for part in (_split(line, -(-len(line) // _LINE)) if " " in line else [line])]


def _vtt_text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _voice(speaker: str) -> str:
    """A name for a voice tag, whose end it must not hold."""
    return _vtt_text(flat(speaker))


def _times(start: float, end: float, point: str) -> str:
    first = round(max(0.0, start) * 1000)
    last = max(first + 1, round(end * 1000))
    return f"{_stamp(first, point)} --> {_stamp(last, point)}"


def _stamp(milliseconds: int, point: str) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{thousandths:03}"

"""A short talk of our own: a film drawn here, or its sound alone, and what a reader would have read of it."""

from __future__ import annotations

import functools
import io
from typing import Literal

from cml_mm.lectures.values import Chapter, Cue, Lecture, Moment, Slide, SlideLine, Speech, SpeechOrigin
from cml_mm.types import Box, Document, Section, Source, clock
from cml_mm.visits import Face, Placing, ReadFile, TimedRun

SECONDS = 90.0
WIDTH, HEIGHT = 480, 270
_RATE = 2  # pictures a second
SLIDES = (
    (0.0, "Caring for a shared well", ("Who draws water", "Who mends the rope")),
    (30.0, "Small steps first", ("A talk", "A note on the board", "A day without water")),
    (60.0, "What we keep", ("A book of repairs", "Two keys")),
)
CUES = (
    (1.0, "Good evening, and thank you for coming to the well house."),
    (8.5, "Tonight is about the rope, the bucket and the people who use them."),
    (16.0, "Whoever draws water writes it down in the book beside the door."),
    (24.0, "That book is older than most of us."),
    (31.0, "When somebody takes more than their share, we begin with a talk."),
    (39.5, "The second time, a note goes up on the board for a week."),
    (47.25, "Only the third time does anyone lose a day of water."),
    (55.0, "Small steps keep neighbours neighbours."),
    (61.0, "At the end of the year we count the repairs."),
    (69.0, "Two people hold a key, and neither may open the store alone."),
    (78.0, "Thank you, there is soup in the kitchen."),
)
STEPS = 6  # the place of the cue that the fake engine quotes


@functools.cache
def lecture_film(container: Literal["webm", "mp4"] = "webm", codec: str = "vp8") -> bytes:
    """A film of the slides, with a quiet hum."""
    import av
    import numpy as np

    kept = io.BytesIO()
    with av.open(kept, "w", format=container) as output:
        screen = output.add_stream(codec, rate=_RATE)
        screen.width, screen.height, screen.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        hum = output.add_stream("libopus" if container == "webm" else "aac", rate=48_000)
        hum.layout = "mono"
        for number in range(int(SECONDS * _RATE)):
            frame = av.VideoFrame.from_ndarray(_picture(_slide_at(number / _RATE)), format="rgb24")
            output.mux(screen.encode(frame.reformat(format="yuv420p")))
        wave = (900 * np.sin(np.arange(int(SECONDS * 48_000)) * 2 * np.pi * 220 / 48_000)).astype(np.int16)
        resampler = av.AudioResampler(format=hum.codec_context.format.name, layout="mono", rate=48_000)
        for start in range(0, len(wave), 960):
            heard = av.AudioFrame.from_ndarray(wave[None, start : start + 960], format="s16", layout="mono")
            heard.rate, heard.pts = 48_000, start
            for made in resampler.resample(heard):
                output.mux(hum.encode(made))
        for stream in (screen, hum):
            output.mux(stream.encode(None))
    return kept.getvalue()


@functools.cache
def lecture_sound() -> bytes:
    """The same length of silence, as WAV."""
    import wave

    kept = io.BytesIO()
    with wave.open(kept, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(bytes(2 * 8_000 * int(SECONDS)))
    return kept.getvalue()


def lecture(slides: bool = True, origin: SpeechOrigin = "track") -> Lecture:
    """The talk as it would be read."""
    shown = tuple(_slide(number) for number in range(1, len(SLIDES) + 1)) if slides else ()
    by = {"captions": "talk.vtt", "recogniser": "Whisper base", "weak recogniser": "pocketsphinx"}.get(origin, "")
    sure = {"recogniser": 0.83, "weak recogniser": 0.41}.get(origin, 1.0)
    ends = [start for start, _ in CUES[1:]] + [86.0]
    cues = tuple(
        Cue(start, min(end, start + 7.0), text, "Ada Brook" if number < 8 else "Lev Sand", sure)
        for number, ((start, text), end) in enumerate(zip(CUES, ends, strict=True))
    )
    kept = cues if origin not in ("spans", "none") else ()
    speech = Speech(kept, origin, "en" if kept else "", by, sure)
    bounds = ((0, 4), (4, 8), (8, 11)) if kept else ((0, 0),) * 3
    moments = tuple(
        Moment(number, 30.0 * (number - 1), 30.0 * number, bounds[number - 1], number if slides else 0, number)
        for number in (1, 2, 3)
    )
    chapters = tuple(
        Chapter(number, SLIDES[number - 1][1], 30.0 * (number - 1), 30.0 * number, "slide" if slides else "speech")
        for number in (1, 2, 3)
    )
    return Lecture(SECONDS, shown, speech, moments, chapters)


def read_lecture(file: str, name: str, read: Lecture) -> ReadFile:
    """The file of a lecture: a section for each moment, a face for each slide."""
    source = Source(file, name, "document", file, name, "", "", owner="visitor")
    title = read.slides[0].title if read.slides else name.rsplit(".", 1)[0].capitalize()
    sections, placings = [], []
    for moment in read.moments:
        text, runs = "", []
        for cue in read.speech.cues[slice(*moment.cues)]:
            start = len(text) + bool(text)
            text = f"{text} {cue.text}".strip()
            runs.append(TimedRun(start, len(text), cue.start_seconds, cue.end_seconds))
        sections.append(Section("other", SLIDES[moment.number - 1][1], text))
        placings.append(Placing(origin="captions", times=tuple(runs)))
    faces = tuple(Face(slide.face, f"Slide at {clock(slide.start_seconds)}", 0, WIDTH, HEIGHT) for slide in read.slides)
    kind = "film" if read.slides else "sound"
    document = Document(file, title, source, sections=tuple(sections), format=kind)
    return ReadFile(document, tuple(placings), faces, lecture=read)


def slide_picture(face: str) -> bytes:
    """A slide as an image, by its face."""
    from PIL import Image

    slide = next(slide for slide in lecture().slides if slide.face == face)
    out = io.BytesIO()
    Image.fromarray(_picture(slide.number)).save(out, "PNG")
    return out.getvalue()


def _slide_at(seconds: float) -> int:
    return sum(start <= seconds for start, _, _ in SLIDES)


def _slide(number: int) -> Slide:
    start, title, lines = SLIDES[number - 1]
    rows = tuple(
        SlideLine(line, Box(30, 100 + 44 * row, 12.0 * len(line), 26, WIDTH, HEIGHT), 0.97)
        for row, line in enumerate(lines)
    )
    heading = SlideLine(title, Box(30, 30, 16.0 * len(title), 32, WIDTH, HEIGHT), 0.99)
    return Slide(number, start, start + 30.0, start + 25.0, title, (heading, *rows))


@functools.cache
def _picture(number: int):  # type: ignore[no-untyped-def]
    import numpy as np
    from PIL import Image, ImageDraw

    _, title, lines = SLIDES[number - 1]
    image = Image.new("RGB", (WIDTH, HEIGHT), ("#fbf8ee", "#eef5f2", "#f4eef6")[number - 1])
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, WIDTH, 8), fill=("#8a5a00", "#1d5b4c", "#6a4c93")[number - 1])
    pen.text((30, 30), title, fill="#1b2320", font_size=28)
    for row, line in enumerate(lines):
        pen.text((30, 100 + 44 * row), f"-  {line}", fill="#46524d", font_size=20)
    return np.asarray(image)

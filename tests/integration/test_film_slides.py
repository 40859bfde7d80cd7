"""Slides read out of small films that are drawn here: really encoded, decoded and recognised."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image, ImageDraw

from cml_mm.errors import InputError, LimitExceeded, MediaUnreadable
from cml_mm.lectures.values import frame_face
from cml_mm.media.film.frames import FilmFrames, frame_at
from cml_mm.media.film.slides import DAMAGED, NO_SLIDES, NOT_READ, Filmed, read_slides
from cml_mm.models.rapid_ocr import RapidOcr
from cml_mm.ports import Ocr, Picture
from cml_mm.visits import DEFAULT_LIMITS
from tests.support.odd_films import TITLES, huge_frame, written_film

SIZE = (640, 360)
RATE = 10


@pytest.fixture(scope="module")
def ocr() -> RapidOcr:
    return RapidOcr()


def silent(words: str, done: int, of: int) -> None:
    """Nobody listens."""


def read(data: bytes, ocr: Ocr | None, reader: str = "mov") -> Filmed:
    return read_slides(data, reader, "talk.mp4", ocr, DEFAULT_LIMITS, silent)


def film(shown: Callable[[float], Picture], seconds: float, start: float = 0.0) -> bytes:
    """H.264 with frames that no other needs, as most films have them; the first is at `start` of the track's time."""
    import av

    kept = io.BytesIO()
    with av.open(kept, "w", format="matroska") as output:
        screen = output.add_stream("libx264", rate=RATE, options={"preset": "veryfast", "bf": "3", "g": "80"})
        screen.width, screen.height, screen.pix_fmt = *SIZE, "yuv420p"
        screen.codec_context.time_base = Fraction(1, 1000)
        for number in range(int(seconds * RATE)):
            frame = av.VideoFrame.from_ndarray(shown(number / RATE), format="rgb24")
            frame.pts, frame.time_base = round(1000 * (start + number / RATE)), Fraction(1, 1000)
            output.mux(screen.encode(frame))
        output.mux(screen.encode(None))
    return kept.getvalue()


def drawn(title: str, lines: tuple[str, ...] = (), boxes: tuple[str, ...] = (), wide: int = 640) -> Picture:
    """A slide: a title, a list, and at the right boxes below each other with arrows between them."""
    image = Image.new("RGB", SIZE, "#fbfaf5")
    pen = ImageDraw.Draw(image)
    pen.text((30, 24), title, fill="#123", font_size=32)
    for row, line in enumerate(lines):
        pen.text((50, 110 + 48 * row), line, fill="#123", font_size=20)
    for row, label in enumerate(boxes):
        top = 80 + 90 * row
        pen.rectangle((430, top, 560, top + 46), outline="#123", width=2)
        pen.text((495, top + 23), label, fill="#123", font_size=18, anchor="mm")
        if row:
            pen.line((495, top - 44, 495, top - 8), fill="#123", width=2)
            pen.polygon([(489, top - 10), (501, top - 10), (495, top)], fill="#123")
    return np.asarray(image)


def with_speaker(picture: Picture, seconds: float) -> Picture:
    """With somebody in the corner who nods, on a background that is never still, with words on the coat."""
    image = Image.fromarray(picture)
    noise = np.random.default_rng(int(seconds * RATE)).integers(60, 200, (12, 12, 3)).astype(np.uint8)
    image.paste(Image.fromarray(noise).resize((200, 180)), (440, 180))
    pen = ImageDraw.Draw(image)
    top = 200 + round(10 * np.sin(3 * seconds))
    pen.ellipse((500, top, 570, top + 90), fill="#b98")
    pen.text((490, top + 100), "Weir crew", fill="black", font_size=22)
    return np.asarray(image)


STONES = drawn("Mending the weir", ("Stones in autumn",))
ROPES = drawn("Mending the weir", ("Stones in autumn", "Ropes in spring"))
KEYS = drawn("Who holds the keys", ("Two neighbours at a time", "A book by the door"), ("Ask", "Agree", "Lend"))


def test_slides_their_words_and_the_one_that_comes_back(ocr: RapidOcr) -> None:
    def shown(time: float) -> Picture:
        return STONES if time < 5 else ROPES if time < 12 else KEYS if time < 20.6 else ROPES

    heard: list[tuple[str, int, int]] = []
    data = film(shown, 28)
    found = read_slides(
        data, "matroska", "talk", ocr, DEFAULT_LIMITS, lambda words, done, of: heard.append((words, done, of))
    )

    assert [one.title for one in found.slides] == ["Mending the weir", "Who holds the keys", "Mending the weir"]
    assert [one.start_seconds for one in found.slides] == pytest.approx([0, 12, 20.6], abs=0.3)
    assert [one.end_seconds for one in found.slides] == pytest.approx([12, 20.6, 28], abs=0.5)
    assert [one.number for one in found.slides] == [1, 2, 3]
    first = [line.text for line in found.slides[0].lines]
    assert first == ["Mending the weir", "Stones in autumn", "Ropes in spring"]  # once it had grown
    assert found.slides[0].shown_seconds > 5
    assert [line.text for line in found.slides[2].lines] == first
    assert (found.width_px, found.height_px) == SIZE
    assert found.notices == ()
    assert heard[0] == ("Looking at the film: minute 1 of 1", 1, 1)
    assert heard[-1] == ("Reading slide 2 of 2", 2, 2)  # the one that came back was not read again
    box = found.slides[0].lines[1].box
    assert (box.x, box.y) == pytest.approx((50, 112), abs=14)
    _reads_the_diagram_of_the_second(found)


def _reads_the_diagram_of_the_second(found: Filmed) -> None:
    (diagram,) = found.diagrams
    assert diagram.face == found.slides[1].face == frame_face(found.slides[1].shown_seconds)
    labels = {node.id: node.label for node in diagram.nodes}
    assert [(labels[one.source], labels[one.target]) for one in diagram.edges] == [("Ask", "Agree"), ("Agree", "Lend")]
    place = next(node.box for node in diagram.nodes if node.label == "Agree")
    assert place is not None
    assert (place.x, place.y, place.of_w, place.of_h) == pytest.approx((430, 170, *SIZE), abs=8)


def test_who_speaks_beside_the_slides_is_no_part_of_them(ocr: RapidOcr) -> None:
    keys = drawn("Who holds the keys", ("Two neighbours at a time", "A book by the door"))
    found = read(film(lambda time: with_speaker(ROPES if time < 14 else keys, time), 28), ocr, "matroska")

    assert [one.start_seconds for one in found.slides] == pytest.approx([0, 14], abs=0.5)
    assert [line.text for line in found.slides[1].lines] == [
        "Who holds the keys", "Two neighbours at a time", "A book by the door",
    ]  # fmt: skip
    assert found.diagrams == ()


def test_times_count_from_the_start_of_the_recording_wherever_its_clock_stands(ocr: RapidOcr) -> None:
    found = read(film(lambda time: ROPES if time < 7 else KEYS, 12, start=100), ocr, "matroska")

    assert [one.start_seconds for one in found.slides] == pytest.approx([0, 7], abs=0.3)
    assert found.slides[1].end_seconds == pytest.approx(12, abs=0.6)


def test_a_film_of_uneven_pace_is_dated_by_its_stamps(ocr: RapidOcr) -> None:
    times = [0.0, 0.1, 0.2, 30.0, 30.1, 47.0]  # a recording of a screen: a frame where something changes

    found = read(written_film((0.0, 30.0), 50, times=times), ocr)

    assert [one.start_seconds for one in found.slides] == pytest.approx([0, 30], abs=0.3)
    assert [one.title for one in found.slides] == list(TITLES)


def test_a_phone_that_was_held_upright_is_read_upright(ocr: RapidOcr) -> None:
    data = written_film(turned=1, size=(360, 640), until=12.0, seconds=(0.0, 6.0))

    found = read(data, ocr)

    assert (found.width_px, found.height_px) == (360, 640)
    assert [one.title for one in found.slides] == list(TITLES)
    box = found.slides[0].lines[0].box
    assert (box.x, box.y) == pytest.approx((40, 42), abs=12)
    assert box.w > 5 * box.h
    picture = frame_at(data, "mov", "talk.mp4", found.slides[0].shown_seconds, 320, DEFAULT_LIMITS)
    assert picture.shape == (320, 180, 3)


def test_a_frame_is_drawn_again_at_any_time_and_never_enlarged() -> None:
    data = film(lambda time: np.full((SIZE[1], SIZE[0], 3), int(10 * time), np.uint8), 16)

    for seconds in (0.0, 3.35, 7.9, 8.0, 12.05, 15.9):
        picture = frame_at(data, "matroska", "talk", seconds, 4000, DEFAULT_LIMITS)
        assert picture.shape == (360, 640, 3)
        assert float(picture.mean()) == pytest.approx(int(10 * int(seconds * 10 + 0.01) / 10), abs=3)
    film_frames = FilmFrames(data, "matroska", "talk", DEFAULT_LIMITS)
    levels = [float(one.mean()) for one in film_frames.at([1.0, 1.5, 9.0, 9.2, 2.0]) if one is not None]
    assert levels == pytest.approx([10, 15, 90, 92, 20], abs=3)


def test_a_time_before_anything_is_shown_has_the_first_frame() -> None:
    data = written_film(times=[2.0, 2.5, 3.0], until=4)

    assert frame_at(data, "mov", "talk", 0.0, 640, DEFAULT_LIMITS).shape == (360, 640, 3)


def test_without_a_recogniser_slides_are_dated_and_that_is_said() -> None:
    found = read(written_film(), None)

    assert [(one.title, one.lines) for one in found.slides] == [("", ()), ("", ())]
    assert [one.start_seconds for one in found.slides] == pytest.approx([0, 8], abs=0.3)
    assert found.notices == (NOT_READ,)


def test_a_film_without_slides_says_so(ocr: RapidOcr) -> None:
    def meadow(time: float) -> Picture:
        small = np.random.default_rng(int(time * RATE)).integers(0, 255, (9, 16, 3)).astype(np.uint8)
        return np.asarray(Image.fromarray(small).resize(SIZE))

    found = read(film(meadow, 12), ocr, "matroska")

    assert (found.slides, found.diagrams, found.notices) == ((), (), (NO_SLIDES,))


def test_spoiled_packets_cost_what_they_hold_and_no_more(ocr: RapidOcr) -> None:
    data = bytearray(film(lambda time: ROPES if time < 9 else KEYS, 24))
    middle = len(data) * 2 // 3
    data[middle : middle + 400] = bytes(400)

    found = read(bytes(data), ocr, "matroska")

    assert {"Mending the weir", "Who holds the keys"} <= {one.title for one in found.slides}
    assert DAMAGED in found.notices


def test_a_file_that_breaks_off_is_read_as_far_as_it_goes(ocr: RapidOcr) -> None:
    whole = film(lambda time: ROPES if time < 9 else KEYS, 24)

    found = read(whole[: len(whole) * 2 // 3], ocr, "matroska")

    assert found.slides[0].title == "Mending the weir"


def test_frames_as_large_as_a_wall_are_refused() -> None:
    with pytest.raises(LimitExceeded, match="8192 x 8192"):
        read(huge_frame(), None, "matroska")


def test_what_is_no_film_is_refused() -> None:
    with pytest.raises(MediaUnreadable):
        read(b"no film at all" * 100, None)


@pytest.fixture(scope="module")
def long_film() -> Iterator[bytes]:
    yield written_film(times=[0.0, 4000.0, 8000.0, 15000.0], until=15000)


def test_a_film_longer_than_is_read_is_refused(long_film: bytes) -> None:
    with pytest.raises(InputError, match="hours"):
        read(long_film, None)

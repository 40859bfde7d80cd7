"""Small files of every kind, whole ones, for tests to spoil."""

from __future__ import annotations

import io
import struct
import wave
import zipfile
import zlib
from collections.abc import Mapping, Sequence

import docx
import pptx
from PIL import Image

from tests.support.pdf import flow, write_pdf

PNG_SIGN = b"\x89PNG\r\n\x1a\n"
WORDS = "The pool keeps a ledger that every member may read."
SVG_HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 90 90">'


def word_file() -> bytes:
    document = docx.Document()
    document.add_heading("Pool rules", 0)
    for _ in range(5):
        document.add_paragraph(WORDS)
    return _saved(document)


def deck_file() -> bytes:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Pool rules"
    slide.placeholders[1].text = WORDS
    return _saved(deck)


def pdf_file(pages: int = 1) -> bytes:
    return write_pdf([flow(WORDS)] * pages)


def _saved(document: object) -> bytes:
    kept = io.BytesIO()
    document.save(kept)  # type: ignore[attr-defined]
    return kept.getvalue()


def zipped(members: Mapping[str, bytes] | Sequence[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", method) as archive:
        for name, data in members.items() if isinstance(members, Mapping) else members:
            archive.writestr(name, data)
    return kept.getvalue()


def with_member(data: bytes, changed: Mapping[str, bytes]) -> bytes:
    """A package with some of its members replaced or added."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        members = {name: old.read(name) for name in old.namelist()}
    return zipped({**members, **changed})


def member(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def png(width: int, height: int, body: bytes | None = None, extra: bytes = b"") -> bytes:
    """A picture of one bit a pixel, black."""
    if body is None:
        packer = zlib.compressobj(9)
        row = bytes(1 + (width + 7) // 8)
        body = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return PNG_SIGN + png_chunk(b"IHDR", head) + extra + png_chunk(b"IDAT", body) + png_chunk(b"IEND", b"")


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def picture(form: str, width: int = 64, height: int = 48, frames: int = 1) -> bytes:
    """A picture with a gradient, so that it does not shrink to nothing."""
    made = [
        Image.frombytes(
            "RGB", (width, height), bytes((x * y + 40 * turn) % 251 for y in range(height) for x in range(3 * width))
        )
        for turn in range(frames)
    ]
    kept = io.BytesIO()
    more = {"save_all": True, "append_images": made[1:], "duration": 50} if frames > 1 else {}
    made[0].save(kept, form, **more)
    return kept.getvalue()


def sound(seconds: float = 1.0, rate: int = 8_000) -> bytes:
    kept = io.BytesIO()
    with wave.open(kept, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(2 * int(seconds * rate)))
    return kept.getvalue()


def film(container: str, codec: str, frames: int = 10) -> bytes:
    """A short film of a grey square; for "mp3", "ogg" and "flac" a second of silence."""
    import av
    import numpy as np

    kept = io.BytesIO()
    with av.open(kept, "w", format=container) as output:
        if container in {"mp3", "ogg", "flac"}:
            stream = output.add_stream(codec, rate=48_000)
            stream.layout = "mono"
            for _ in range(frames):
                frame = av.AudioFrame.from_ndarray(np.zeros((1, 960), np.int16), format="s16", layout="mono")
                frame.rate = 48_000
                output.mux(stream.encode(frame))
        else:
            stream = output.add_stream(codec, rate=10)
            stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
            for shade in range(frames):
                square = np.full((32, 32, 3), shade * 10, np.uint8)
                output.mux(stream.encode(av.VideoFrame.from_ndarray(square, format="rgb24")))
        output.mux(stream.encode(None))
    return kept.getvalue()


def tones(
    container: str,
    codec: str,
    moments: Sequence[float] = (2.0,),
    seconds: float = 4.0,
    rate: int = 48_000,
    layout: str = "stereo",
    late_seconds: float = 0.0,
    pictures: bool = False,
) -> bytes:
    """A recording that is silent but for a tone of half a second at each of these moments.

    Args:
        late_seconds: the sound track begins so much after the pictures.
        pictures: whether it is a film.
    """
    import av
    import numpy as np

    kept = io.BytesIO()
    with av.open(kept, "w", format=container) as output:
        sound = output.add_stream(codec, rate=rate)
        sound.layout = layout
        screen = (
            output.add_stream("mpeg4" if container in {"mp4", "avi", "mpegts"} else "vp8", rate=10)
            if pictures
            else None
        )
        if screen is not None:
            screen.width, screen.height, screen.pix_fmt = 32, 32, "yuv420p"
            for shade in range(int(10 * seconds)):
                square = np.full((32, 32, 3), shade % 200, np.uint8)
                output.mux(screen.encode(av.VideoFrame.from_ndarray(square, format="rgb24")))
        time = np.arange(int(seconds * rate)) / rate + late_seconds
        loud = sum((time >= moment) & (time < moment + 0.5) for moment in moments)
        beeps = (12_000 * np.sin(2 * np.pi * 440 * time) * loud).astype(np.int16)
        samples = np.repeat(beeps, 2 if layout == "stereo" else 1)[None]
        step = sound.codec_context.frame_size or 960
        channels = 2 if layout == "stereo" else 1
        resampler = av.AudioResampler(format=sound.codec_context.format.name, layout=layout, rate=rate)
        for start in range(0, len(beeps), step):
            part = np.ascontiguousarray(samples[:, start * channels : (start + step) * channels])
            frame = av.AudioFrame.from_ndarray(part, format="s16", layout=layout)
            frame.rate = rate
            frame.pts = start + int(late_seconds * rate)
            for made in resampler.resample(frame):
                output.mux(sound.encode(made))
        for stream in (sound, screen):
            if stream is not None:
                output.mux(stream.encode(None))
    return kept.getvalue()


def raw_pdf(*objects: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF file of these objects, numbered from 1."""
    data = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, len(data))
    return data + table + end

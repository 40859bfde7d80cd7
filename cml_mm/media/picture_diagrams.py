"""Pictures that may hold a diagram: its boxes and arrows, found on the pixels or in a source that travels inside."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import FrameType

from cml_mm.diagrams.moving import moved
from cml_mm.diagrams.values import Diagram, FreeText
from cml_mm.errors import InputError
from cml_mm.media.diagram_sections import MOSTLY, NO_STRUCTURE, DiagramPart, structured_share, without_losses
from cml_mm.media.recognised import Recognised
from cml_mm.ports import Ocr, OcrLine, Picture
from cml_mm.types import Box
from cml_mm.visits import Limits

_SECONDS = 12.0  # of computing for the boxes and arrows of one picture; with its words it then stays under 20


@dataclass(frozen=True)
class DiagramFound:
    """What was found on one picture. `whole` says that its words are those of the picture, and no others."""

    diagram: Diagram
    whole: bool = False

    def part(self, page: int, seen: Recognised) -> DiagramPart:
        return DiagramPart(self.diagram, page, "ocr" if seen.found else "file", seen.confidence)


def diagram_on(
    picture: Picture, seen: Recognised, ocr: Ocr | None, face: str, size: tuple[float, float] | None = None
) -> DiagramFound:
    """Look for boxes and arrows on a picture.

    Args:
        picture: flattened onto white.
        seen: the words on it, in the measure of its face.
        ocr: who may read parts of it again.
        face: the key of the page or picture.
        size: width and height of that face, where they are not the picture's own pixels.

    Returns:
        The diagram in the face's measure. Without structure it holds no arrows, and its notices
        say so; nothing is invented. It says every word that was recognised with some sureness.
    """
    from cml_mm.media.raster.reader import read_picture_diagram

    height, width = picture.shape[:2]
    across, down = size or (float(width), float(height))
    lines = [_scaled(line, float(width), float(height)) for line in seen.found]
    try:
        with _at_most(_SECONDS):
            found = read_picture_diagram(picture, lines, ocr, face)
    except _TooLong:
        return _nothing("Looking for boxes and arrows on this picture took too long; only its words were read.", face)
    except Exception:  # whatever a library trips over in odd pixels: the words are there, and what is missing is said
        return _nothing("Boxes and arrows could not be looked for on this picture; only its words were read.", face)
    diagram = moved(replace(found, face=face), across / width, down / height, across, down)
    if not diagram.has_structure:
        notices = diagram.notices or (NO_STRUCTURE.format("this picture"),)
        return DiagramFound(replace(diagram, unplaced=(), notices=notices))  # its words are those of the picture
    texts = [FreeText(line.text, line.box, 1.0) for line in seen.lines]
    diagram = without_losses(diagram, texts)
    return DiagramFound(diagram, structured_share(diagram) >= MOSTLY)


def diagram_inside(data: bytes, face: str, size: tuple[float, float], limits: Limits) -> Diagram | None:
    """The diagram whose source travels in a picture, as draw.io writes it; None where there is none.

    Args:
        data: of a PNG file.
        face: the key of the picture.
        size: its width and height in pixels, which the drawing is taken to fill.
        limits: on sizes.
    """
    from cml_mm.media.drawio import embedded_drawio, fitted, read_drawio

    try:
        source = embedded_drawio(data)
        pages = read_drawio(source, "The drawing", limits) if source else ()
    except InputError:
        return None  # the pixels are read instead, as of any picture
    joined = [page for page in pages if page.has_structure]
    return fitted(joined[0], *size, face) if len(pages) == 1 and joined else None


def _scaled(line: OcrLine, width: float, height: float) -> OcrLine:
    box = line.box
    across, down = width / box.of_w, height / box.of_h
    return replace(line, box=Box(box.x * across, box.y * down, box.w * across, box.h * down, width, height))


def _nothing(notice: str, face: str) -> DiagramFound:
    return DiagramFound(Diagram("", "picture", face=face, notices=(notice,)))


class _TooLong(BaseException):
    """Raised between two steps of whatever runs; no handler for ordinary errors takes it."""


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Ends what runs inside after so much computing; where the system has no such clock, the process's limit holds."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)

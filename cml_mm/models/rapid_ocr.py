"""Text on pictures by RapidOCR: its models lie in its wheel, nothing is fetched.

RapidOCR's own classifier of upside-down lines is left off: on upright print it turned some
lines by mistake (right characters 92 % against 99.7 %). Instead a whole picture that reads
badly is turned, and the turn that reads best is kept.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cml_mm.errors import ModelError, ModelMissing
from cml_mm.models.reading_order import Placed, reading_order
from cml_mm.ports import OcrLine, Picture
from cml_mm.types import Box

SETUP_COMMAND = "Run: python3 bootstrap.py setup"
_FOUND_BY = "PP-OCRv6_det_small.onnx"
_READ_BY = "PP-OCRv6_rec_small.onnx"
_TURNED_BY = "ch_ppocr_mobile_v2.0_cls_mobile.onnx"  # never run, but the library asks for a path
_LONGEST_PX = 2600  # of a picture; a larger one is read smaller
# Longest sides on which lines are looked for, which costs their square: on print of 8 to 11 points
# the small one finds as many lines; the large one is for lines that would be too low on it.
_ROUGHLY_PX = 960
_FINELY_PX = 1600
_LOWEST_LINE_PX = 13.0  # its box is larger than its letters by some pixels
_LEAST_CONFIDENCE = 0.3  # below, what looks like letters is texture
_UPRIGHT = 0.8  # mean confidence at which no other turn is tried
_TALL = 1.5  # height to width of a line that runs up or down
_LONG = 4.0  # heights
_NO_SPACE = re.compile(r"(?<=[a-z][.!?;:,])(?=[A-Z])")  # the recogniser at times misses it, and sentences need it
_FEWEST_SIGNS = 2  # one sign alone has no direction

Quad = NDArray[np.float64]  # shape (4, 2): the corners of a line from its upper left, clockwise


class RapidOcr:
    """Pictures to text; may be used from several threads, one at a time.

    Args:
        threads: how many threads one picture is read with.

    Raises:
        ModelMissing: the package or one of its model files is not there.
    """

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads
        self._models = _models()
        self._name = f"rapidocr {importlib.metadata.version('rapidocr')} {Path(_READ_BY).stem}"
        self._lock = threading.Lock()
        self._engines: dict[int, Any] = {}  # by the side on which they look for lines

    @property
    def name(self) -> str:
        return self._name

    def recognise(self, picture: Picture) -> tuple[OcrLine, ...]:
        """Lines in reading order; the models are loaded with the first picture.

        Args:
            picture: shape (height, width, 3), RGB.

        Returns: their boxes in pixels of this picture, however it had to be turned to be read.
        Raises: ModelError: the models cannot be run.
        """
        if min(picture.shape[:2]) < 2:
            return ()
        with self._lock:
            best = self._read(picture, 0)
            if best.misses_small(max(picture.shape[:2])):
                best = max(best, self._read(picture, 0, _FINELY_PX), key=lambda one: one.score)
            if best.sideways:
                # Line by line it may read well as it lies, but then from the last line to the first.
                best = max((self._read(picture, turns) for turns in (1, 3)), key=lambda one: one.score)
            elif best.lines and best.mean < _UPRIGHT:
                best = max(best, self._read(picture, 2), key=lambda one: one.score)
        return best.ordered()

    def _read(self, picture: Picture, turns: int, detection_px: int = _ROUGHLY_PX) -> _Turned:
        """What is read after so many quarter turns clockwise."""
        seen = np.ascontiguousarray(np.rot90(picture, -turns)[:, :, ::-1])  # the library expects BGR
        try:
            found = self._loaded(detection_px)(seen)
        except ModelError:
            raise
        except Exception as exc:
            raise ModelError(
                "The words on a picture could not be recognised.", "Try again; if it stays so, use a smaller picture."
            ) from exc
        height, width = seen.shape[:2]
        texts: Sequence[str] = () if found.txts is None else found.txts
        kept = [
            (np.asarray(quad, dtype=np.float64), text.strip(), float(score))
            for quad, text, score in zip(found.boxes if texts else (), texts, found.scores or (), strict=True)
            if text.strip() and score >= _LEAST_CONFIDENCE
        ]
        lines = tuple(_line(quad, text, score, turns, width, height) for quad, text, score in kept)
        return _Turned(lines, _levelled([quad for quad, _, _ in kept]), turns)

    def _loaded(self, detection_px: int) -> Any:
        if detection_px not in self._engines:
            import rapidocr

            found_by, read_by, turned_by = (str(path) for path in self._models)
            parameters = {
                "Global.log_level": "critical",
                "Global.use_cls": False,
                "Global.text_score": 0.0,
                "Global.max_side_len": _LONGEST_PX,
                "EngineConfig.onnxruntime.intra_op_num_threads": self._threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                "Det.model_path": found_by,
                "Det.limit_type": "max",
                "Det.limit_side_len": detection_px,
                "Rec.model_path": read_by,
                "Cls.model_path": turned_by,
            }
            try:
                self._engines[detection_px] = rapidocr.RapidOCR(params=parameters)
            except Exception as exc:
                raise ModelError("The text recogniser could not be started.", SETUP_COMMAND) from exc
        return self._engines[detection_px]


@dataclass(frozen=True)
class _Turned:
    """The lines that were read on a picture after `turns` quarter turns; boxes are of the turned picture."""

    lines: tuple[OcrLine, ...]
    places: tuple[Placed, ...]  # of the lines, as if the picture were not askew
    turns: int

    @property
    def score(self) -> float:
        """Signs read, each as much as it is sure; unsure ones count next to nothing."""
        return sum(len(line.text) * line.confidence**3 for line in self.lines)

    @property
    def mean(self) -> float:
        signs = sum(len(line.text) for line in self.lines)
        return sum(len(line.text) * line.confidence for line in self.lines) / signs if signs else 0.0

    def misses_small(self, longest_px: int) -> bool:
        """Whether lines on a picture with this longest side may have been too low to be found."""
        lows = sorted(min(line.box.w, line.box.h) for line in self.lines)
        return longest_px > _ROUGHLY_PX and (
            not lows or lows[len(lows) // 2] * _ROUGHLY_PX < _LOWEST_LINE_PX * longest_px
        )

    @property
    def sideways(self) -> bool:
        """Whether most of the text runs up or down."""
        signs = [(len(line.text), line.box.h > _TALL * line.box.w) for line in self.lines]
        counted = [(count, tall) for count, tall in signs if count >= _FEWEST_SIGNS]
        return 2 * sum(count for count, tall in counted if tall) > sum(count for count, _ in counted)

    def ordered(self) -> tuple[OcrLine, ...]:
        """In reading order, their boxes turned back."""
        lines = (self.lines[number] for number in reading_order(self.places))
        return tuple(replace(line, box=turned_back(line.box, self.turns)) for line in lines)


def turned_back(box: Box, turns: int) -> Box:
    """A box on a picture that was turned by quarter turns clockwise, as it lies on the picture before."""
    for _ in range(turns % 4):
        box = Box(box.y, box.of_w - box.x - box.w, box.h, box.w, box.of_h, box.of_w)
    return box


def _levelled(quads: Sequence[Quad]) -> tuple[Placed, ...]:
    """The lines turned by the angle that half of them have, so that a photo taken askew is read in order."""
    slopes = [quad[1] - quad[0] for quad in quads]
    angles = [np.arctan2(slope[1], slope[0]) for slope, quad in zip(slopes, quads, strict=True) if _is_long(quad)]
    angle = float(np.median(angles)) if angles else 0.0
    cos, sin = np.cos(angle), np.sin(angle)
    level = [quad @ np.array([[cos, -sin], [sin, cos]]) for quad in quads]
    return tuple(Placed(number, *map(float, (*one.min(axis=0), *one.max(axis=0)))) for number, one in enumerate(level))


def _is_long(quad: Quad) -> bool:
    """Whether a line is long enough to tell how far it is askew."""
    return bool(np.linalg.norm(quad[1] - quad[0]) > _LONG * np.linalg.norm(quad[3] - quad[0]))


def _line(quad: Quad, text: str, score: float, turns: int, width: int, height: int) -> OcrLine:
    left, top = (float(value) for value in quad.min(axis=0))
    right, foot = (float(value) for value in quad.max(axis=0))
    return OcrLine(_NO_SPACE.sub(" ", text), Box(left, top, right - left, foot - top, width, height), score, turns)


def _models() -> tuple[Path, Path, Path]:
    """The model files in the package; naming them keeps the library from fetching any."""
    spec = importlib.util.find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise ModelMissing("The text recogniser (rapidocr) is not installed.", SETUP_COMMAND)
    folder = Path(spec.origin).parent / "models"
    paths = (folder / _FOUND_BY, folder / _READ_BY, folder / _TURNED_BY)
    for path in paths:
        if not path.is_file():
            raise ModelMissing(f"The text recogniser's file {path.name} is missing.", SETUP_COMMAND)
    return paths

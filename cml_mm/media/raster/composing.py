"""What was made out on a sheet, as a diagram in the picture's own pixels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cml_mm.diagrams.values import (
    Diagram,
    DiagramContainer,
    DiagramEdge,
    DiagramNode,
    FreeText,
    LegendEntry,
    NodeShape,
)
from cml_mm.media.raster.boxes import Boxes
from cml_mm.media.raster.frames import Container, containers_of
from cml_mm.media.raster.legend import legend_of
from cml_mm.media.raster.lines import Line
from cml_mm.media.raster.opencv import opencv
from cml_mm.media.raster.placing import Label, joined, labels_of, on_lines
from cml_mm.media.raster.regions import Regions
from cml_mm.media.raster.shapes import shape_of
from cml_mm.media.raster.sheet import Sheet
from cml_mm.media.raster.skeleton import Points
from cml_mm.media.raster.words import Word
from cml_mm.ports import OcrLine, Picture
from cml_mm.types import Box

_FRAME_SURE = 0.85
_BARE_SURE = 0.7
_ICON_SURE = 0.75


def without_structure(picture: Picture, lines: Sequence[OcrLine], face: str, notice: str) -> Diagram:
    """A diagram of nothing but the words on a picture."""
    height, width = picture.shape[:2]
    words = tuple(FreeText(line.text, line.box, line.confidence) for line in lines if line.text.strip())
    return Diagram(
        "", "picture", unplaced=words, width=float(width), height=float(height), face=face, notices=(notice,)
    )


def composed(
    sheet: Sheet,
    regions: Regions,
    found: Boxes,
    lines: Sequence[Line],
    words: Sequence[Word],
    face: str,
    notices: tuple[str, ...],
) -> Diagram:
    """Puts boxes, lines and words together.

    Args:
        lines: their ends are numbers of boxes.
        words: those outside of boxes.
    """
    ended = frozenset(box for line in lines for box in line.boxes)
    containers, names, titles = containers_of(found, ended, sheet.unit)
    names_of_frames = [container.title for container in containers if container.title is not None]
    said = [word for word in words if word not in titles and not any(name.holds(word) for name in names_of_frames)]
    labels = labels_of(said, sheet.unit)
    swatches = legend_of(sheet, regions, found, labels)
    keyed = {swatch.label for swatch in swatches}
    order = [number for number in range(len(labels)) if number not in keyed]
    on = {line: order[label] for line, label in on_lines([labels[n] for n in order], lines, sheet.unit).items()}
    edges = tuple(
        _edge(sheet, number, line, labels[on[number]] if number in on else None) for number, line in enumerate(lines)
    )
    free = [label for number, label in enumerate(labels) if number not in keyed | set(on.values())]
    return Diagram(
        "",
        "picture",
        tuple(_node(sheet, found, number, containers) for number in range(len(found.boxes)) if number not in names),
        edges,
        tuple(_container(sheet, number, container) for number, container in enumerate(containers)),
        tuple(LegendEntry(swatch.colour, labels[swatch.label].text) for swatch in swatches),
        tuple(FreeText(label.text, sheet.box_back(label.frame), label.confidence) for label in free),
        float(sheet.of_w),
        float(sheet.of_h),
        face,
        notices,
    )


def _node(sheet: Sheet, found: Boxes, number: int, containers: Sequence[Container]) -> DiagramNode:
    patch = found.boxes[number]
    label = joined(patch.words)
    drawn = len(found.boxes) - found.icons - found.bare
    shape: NodeShape = shape_of(patch.mask)
    sure = 0.5 + 0.5 * label.confidence
    colour = "#{:02x}{:02x}{:02x}".format(*patch.colour)
    if drawn <= number < drawn + found.icons:
        shape, sure, colour = "icon", _ICON_SURE * label.confidence, ""
    elif number >= drawn + found.icons:
        shape, sure, colour = "text", _BARE_SURE * label.confidence, ""
    around = next((one for one, container in enumerate(containers) if number in container.inner), -1)
    return DiagramNode(
        f"n{number + 1}",
        label.text,
        shape,
        sheet.box_back(patch.frame),
        round(min(1.0, sure), 3),
        f"c{around + 1}" if around >= 0 else "",
        colour,
    )


def _container(sheet: Sheet, number: int, container: Container) -> DiagramContainer:
    return DiagramContainer(
        f"c{number + 1}",
        container.title.text if container.title else "",
        sheet.box_back(container.patch.frame),
        f"c{container.parent + 1}" if container.parent >= 0 else "",
        _FRAME_SURE,
    )


def _edge(sheet: Sheet, number: int, line: Line, label: Label | None) -> DiagramEdge:
    box: Box | None = sheet.box_back(label.frame) if label else None
    return DiagramEdge(
        f"e{number + 1}",
        f"n{line.boxes[0] + 1}",
        f"n{line.boxes[1] + 1}",
        label.text if label else "",
        line.heads,
        tuple(sheet.point_back(x, y) for x, y in _simplified(line.points)),
        round(line.confidence, 3),
        line.style,
        box,
    )


def _simplified(points: Points) -> Points:
    """The same way with fewer points (Ramer, Douglas and Peucker)."""
    cv2 = opencv()
    fewer = cv2.approxPolyDP(points.astype(np.float32).reshape(-1, 1, 2), 1.5, False)
    return np.asarray(fewer.reshape(-1, 2), dtype=np.float64)

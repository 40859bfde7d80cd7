"""Writes the diagrams shipped with the starter library.

python -m benchmarks.make_starter_diagrams [OUT]

From `starter_diagrams.SKETCHES`, without chance: the same files wherever the same libraries draw them.
"""

from __future__ import annotations

import io
import random
import sys
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.diagram_drawing import drawn
from benchmarks.diagram_making import Made
from benchmarks.diagram_slides import written_pptx
from benchmarks.diagram_sources import written_dot, written_drawio, written_mermaid, written_plantuml
from benchmarks.diagram_spoiling import spoilt
from benchmarks.diagram_svg import written_svg
from benchmarks.hand_layout import Sketch, laid_by_hand
from benchmarks.starter_diagrams import SKETCHES
from cml_mm.settings import ROOT

STARTER_DIAGRAMS = ROOT / "indexes" / "starter" / "diagrams"
LARGEST_BYTES = 60_000


def written(sketch: Sketch) -> bytes:
    """A diagram as the bytes of its file, by the ending of its name."""
    diagram, ending = laid_by_hand(sketch), Path(sketch.name).suffix
    if ending == ".pptx":
        return _undated(written_pptx(diagram, sketch.notes))
    if ending in (".png", ".jpg"):
        return _picture(sketch)
    if ending == ".svg":
        return written_svg(diagram, sketch.style.lettering).encode()
    texts = {".dot": written_dot, ".mmd": written_mermaid, ".puml": written_plantuml, ".drawio": written_drawio}
    return texts[ending](diagram).encode()


def _picture(sketch: Sketch) -> bytes:
    diagram = laid_by_hand(sketch)
    image = drawn(Made(sketch.name, sketch.name, diagram, sketch.style))
    kept = io.BytesIO()
    if sketch.photo:
        seen, _ = spoilt(np.asarray(image), diagram, "photo", random.Random(sketch.name))
        Image.fromarray(seen).save(kept, "JPEG", quality=62)
    else:
        image.convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(kept, "PNG", optimize=True)
    return kept.getvalue()


def _undated(package: bytes) -> bytes:
    """The same package with no time of writing in it, so that it is the same tomorrow."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), old.read(name), zipfile.ZIP_DEFLATED, 9)
    return kept.getvalue()


def main() -> int:
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else STARTER_DIAGRAMS
    out.mkdir(parents=True, exist_ok=True)
    for sketch in SKETCHES:
        data = written(sketch)
        (out / sketch.name).write_bytes(data)
        print(f"{sketch.name:28s} {len(data):6d} bytes{'  TOO LARGE' if len(data) > LARGEST_BYTES else ''}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

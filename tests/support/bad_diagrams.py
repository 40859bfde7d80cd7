"""Files that no diagram can be read from, and odd ones of which one can: made here, with what must be said of each."""

from __future__ import annotations

import base64
import io
import random
import urllib.parse
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter

from tests.support import made_files as made

ARROW = (
    "<g class='node' id='n'><title>a</title><ellipse cx='20' cy='20' rx='9' ry='9'/><text x='9' y='20'>Pool</text></g>"
)


@dataclass(frozen=True)
class BadDiagram:
    """`said` is an expression that must be found in what is said; `refused`: the file is not read at all."""

    name: str
    data: bytes
    said: str
    refused: bool = True


def bad_diagrams() -> Iterator[BadDiagram]:
    """What must be refused, or read without inventing a diagram."""
    yield BadDiagram(
        "page.png", b"<!DOCTYPE html><html><body><p>No picture at all.</p></body></html>", "a web page", False
    )
    yield BadDiagram("huge.png", made.png(11_000, 11_000), "11000 × 11000 pixels")
    yield BadDiagram("cut.png", made.picture("PNG")[:25], "damaged")
    yield BadDiagram("half.png", saved(boxes(4))[:900], "damaged")
    for name in ("chart.png", "chart.dot", "chart.mmd"):
        yield BadDiagram(name, b"%!PS-Adobe-3.0\n(chart) show\n", "PostScript")
    yield from _drawings()
    yield from _texts()
    yield from _packed()
    yield BadDiagram("white.png", saved(Image.new("RGB", (300, 200), "white")), "No structure", False)
    yield BadDiagram("dot.png", saved(Image.new("RGB", (1, 1), "white")), "No structure", False)
    yield BadDiagram("clear.png", saved(Image.new("RGBA", (300, 200), (0, 0, 0, 0))), "No structure", False)
    yield BadDiagram("hills.jpg", saved(landscape(), "JPEG"), "No structure", False)
    yield BadDiagram("empty.txt", b" \n", "empty")
    yield BadDiagram("notes.txt", b"Nobody drew anything today.", "No structure", False)


def _drawings() -> Iterator[BadDiagram]:
    head, end = made.SVG_HEAD, "</svg>"
    entities = f'<!DOCTYPE svg [<!ENTITY a "{"b" * 99}"><!ENTITY c "{"&a;" * 99}">]>{head}<text>&c;</text>{end}'
    yield BadDiagram("laughs.svg", entities.encode(), "entities")
    yield BadDiagram(
        "outside.svg", f'{head}{ARROW}<image href="http://127.0.0.1/x.png"/>{end}'.encode(), "another file"
    )
    yield BadDiagram(
        "run.svg", f"{head}{ARROW}<script>fetch('http://127.0.0.1/')</script>{end}".encode(), "No structure", False
    )
    yield BadDiagram("none.svg", f"{head}{end}".encode(), "No words|No structure", False)


def _texts() -> Iterator[BadDiagram]:
    yield BadDiagram("loop.dot", b"digraph { a -> ", "cannot be read")
    yield BadDiagram("deep.dot", b"digraph {" + b"subgraph {" * 50_000, "deep|cannot be read")
    yield BadDiagram("prose.dot", b"Nothing but words here.", "cannot be read")
    yield BadDiagram("time.mmd", b"gantt\n  title Repairs\n  section Roof\n", "cannot be read")
    yield BadDiagram("long.mmd", b"flowchart TD\n" + b"  a --> b\n" * 200_000, "longer|parts|2 MB|characters")
    yield BadDiagram("outside.puml", b"@startuml\n!include http://127.0.0.1/x\n[a] --> [b]\n@enduml\n", "include")
    yield BadDiagram("latin.mmd", "flowchart TD\n  a[Küche] --> b".encode("latin-1"), "not UTF-8")
    yield BadDiagram("words.drawio", b"Nothing but words here.", "no draw.io drawing")


def _packed() -> Iterator[BadDiagram]:
    """Drawings of draw.io: damaged, empty, and one that unpacks to a thousand times its size."""
    bomb = zlib.compressobj(9, zlib.DEFLATED, -15)
    page = bomb.compress(b"<mxGraphModel><root>" + b" " * (60 * 2**20)) + bomb.flush()
    packed = base64.b64encode(page)
    yield BadDiagram("bomb.drawio", b"<mxfile><diagram>" + packed + b"</diagram></mxfile>", "unpacks|larger|damaged")
    held = urllib.parse.quote("<mxfile><diagram>").encode() + packed
    text = made.png_chunk(b"tEXt", b"mxfile\x00" + held + urllib.parse.quote("</diagram></mxfile>").encode())
    yield BadDiagram("bomb.png", made.png(64, 64, extra=text), "No structure", False)
    comment = made.png_chunk(b"zTXt", b"mxfile\x00\x00" + zlib.compress(b"<mxfile>" + bytes(50 * 2**20)))
    yield BadDiagram("chatty.png", made.png(64, 64, extra=comment), "damaged")
    yield BadDiagram("cut.drawio", b"<mxfile><diagram name='a'><mxGraphModel><root>", "damaged")
    yield BadDiagram("none.drawio", b"<mxfile></mxfile>", r"no (?:page|boxes)|holds no|damaged")
    entity = b'<!DOCTYPE mxfile [<!ENTITY x SYSTEM "file:///etc/passwd">]><mxfile><diagram>&x;</diagram></mxfile>'
    yield BadDiagram("reach.drawio", entity, "entities|no draw.io drawing")


def saved(picture: Image.Image, form: str = "PNG") -> bytes:
    kept = io.BytesIO()
    picture.save(kept, form)
    return kept.getvalue()


def boxes(count: int) -> Image.Image:
    """Numbered boxes in rows, each joined with the next by an arrow."""
    across = min(count, 25)
    picture = Image.new("RGB", (40 + 96 * across, 40 + 70 * -(-count // across)), "white")
    pen = ImageDraw.Draw(picture)
    for number in range(count):
        x, y = 20 + 96 * (number % across), 20 + 70 * (number // across)
        pen.rectangle((x, y, x + 60, y + 40), outline="black", width=2)
        pen.text((x + 16, y + 12), f"B{number}", fill="black", font_size=16)
        if number % across < across - 1 and number < count - 1:
            pen.line((x + 62, y + 20, x + 92, y + 20), fill="black", width=2)
            pen.polygon([(x + 94, y + 20), (x + 84, y + 15), (x + 84, y + 25)], fill="black")
    return picture


def landscape() -> Image.Image:
    """Something like a photo: hills, a sky and grain, and nothing drawn."""
    chance = random.Random(5)
    picture = Image.new("RGB", (640, 420), (150, 180, 215))
    pen = ImageDraw.Draw(picture)
    for shade in range(5):
        points = [(0, 420)]
        height = 160 + 45 * shade
        for x in range(0, 660, 20):
            height += chance.randint(-12, 12)
            points.append((x, height))
        pen.polygon([*points, (640, 420)], fill=(60 + 10 * shade, 110 - 12 * shade, 50))
    grain = Image.effect_noise(picture.size, 40).convert("RGB")
    return Image.blend(picture.filter(ImageFilter.GaussianBlur(2)), grain, 0.15)

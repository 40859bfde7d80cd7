"""Pictures and drawings that are damaged, far too large, or reach for other files."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from tests.support import made_files as made

Row = tuple[str, bytes, str, str]

SMALLER = "smaller"
ANEW = "save it anew|Save it anew|Export it"
DAMAGED = "damaged"


def bad_pictures() -> Iterator[Row]:
    """Pictures that must be refused."""
    yield "map.png", made.png(11_000, 11_000), "11000 × 11000 pixels; 60 million", SMALLER
    yield "map.pdf", made.png(65_000, 1_000), "65000 × 1000 pixels", SMALLER
    yield "map.png", made.png(2**31 - 1, 2**31 - 1, b"\x00"), "pixels", SMALLER
    yield "map.gif", b"GIF89a" + struct.pack("<HHBBB", 65_535, 65_535, 0, 0, 0) + b";", "pixels", SMALLER
    yield "map.webp", _webp(16_383, 16_383), "pixels", SMALLER
    yield "map.jpg", _jpeg(65_500, 65_500), "pixels", SMALLER
    for name, data in (
        ("photo.png", made.PNG_SIGN),
        ("photo.png", made.PNG_SIGN + bytes(40)),
        ("photo.txt", made.PNG_SIGN + b"not a chunk at all, only words"),
        ("photo.png", made.png(0, 0, b"")),
        ("photo.png", made.picture("PNG")[:25]),
        ("photo.jpg", b"\xff\xd8\xff"),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(300)),
        ("photo.jpg", made.picture("JPEG")[:60]),
        ("photo.gif", b"GIF89a"),
        ("photo.gif", b"GIF87a\x01"),
        ("photo.webp", b"RIFF\x10\x00\x00\x00WEBP"),
        ("photo.webp", b"RIFF\xff\xff\xff\xffWEBPVP8 " + bytes(30)),
    ):
        yield name, data, DAMAGED, ANEW
    yield from _drawings()


def doubtful_pictures() -> Iterator[Row]:
    """Pictures of which a part may be seen, or that are whole for all their oddity."""
    for name, form in (("photo.png", "PNG"), ("photo.jpg", "JPEG"), ("photo.webp", "WEBP"), ("photo.gif", "GIF")):
        whole = made.picture(form)
        for share in (0.5, 0.9):
            yield name, whole[: int(share * len(whole))], f"{DAMAGED}|cut", ANEW
    yield "moving.gif", made.picture("GIF", 8, 8, frames=200), DAMAGED, ANEW
    yield "moving.webp", made.picture("WEBP", 8, 8, frames=50), DAMAGED, ANEW
    comment = made.png_chunk(b"zTXt", b"note\x00\x00" + zlib.compress(bytes(50 * 2**20)))
    yield "chatty.png", made.png(64, 64, extra=comment), DAMAGED, ANEW
    colours = made.png_chunk(b"iCCP", b"icc\x00\x00" + zlib.compress(bytes(50 * 2**20)))
    yield "colours.png", made.png(64, 64, extra=colours), DAMAGED, ANEW
    yield "cut.png", made.png(64, 64, zlib.compress(b"\x00" * 20)), DAMAGED, ANEW
    yield "noise.png", made.png(64, 64, b"no zlib stream at all"), DAMAGED, ANEW
    yield "thin.png", made.png(60_000, 1), DAMAGED, ANEW
    yield "large.png", made.png(7_000, 7_000), DAMAGED, ANEW


def _drawings() -> Iterator[Row]:
    head, end = made.SVG_HEAD, "</svg>"
    label = "<text x='1' y='9'>Pool</text>"
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    for declared, what in (
        (f'<!DOCTYPE svg [<!ENTITY l0 "lol">{laughs}]>', "entities"),
        ('<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "entities"),
        ('<!DOCTYPE svg [<!ENTITY x SYSTEM "http://127.0.0.1/x">]>', "entities"),
        ('<!DOCTYPE svg [<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;]>', "entities"),
        ('<!DOCTYPE svg SYSTEM "file:///etc/passwd">', "another file"),
        ('<!DOCTYPE svg PUBLIC "-//NOBODY//X" "http://127.0.0.1/x.dtd">', "another file"),
    ):
        for name in ("plan.svg", "plan.txt"):
            yield name, (declared + head + label + end).encode(), what, "anew"
    spelled = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE svg [<!ENTITY a "b">]>' + head + label + end
    yield "plan.svg", spelled.encode("utf-16"), "entities", "anew"
    for inside in (
        '<image href="http://127.0.0.1/x.png"/>',
        '<image xlink:href="file:///etc/passwd"/>',
        '<use href="other.svg#part"/>',
        '<script href="https://example.org/x.js"/>',
        '<feImage href="//example.org/x.png"/>',
        '<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="http://127.0.0.1/"/></foreignObject>',
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>',
    ):
        yield "plan.svg", (head + label + inside + end).encode(), "another file", "everything inside"
    yield "plan.svg", (head + "<g>" * 5_000 + label + "</g>" * 5_000 + end).encode(), "levels deep", "Flatten"
    yield "plan.svg", (head + "<g>" * 200_000).encode(), "levels deep", "Flatten"
    for data in (head + label, head[:-1], head + "<text>Pool</g>" + end, head + "<text>&nosuch;</text>" + end):
        yield "plan.svg", data.encode(), DAMAGED, "SVG or PNG"
    yield "plan.svg", b"digraph { a -> b }", "no SVG drawing", "SVG or PNG"


def _jpeg(width: int, height: int) -> bytes:
    """The head of a picture of this size, with almost nothing behind it."""
    whole = made.picture("JPEG", 16, 16)
    place = whole.index(b"\xff\xc0") + 5
    return whole[:place] + struct.pack(">HH", height, width) + whole[place + 4 :]


def _webp(width: int, height: int) -> bytes:
    head = b"\x00" * 4 + struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    body = b"WEBPVP8X" + struct.pack("<I", len(head)) + head + made.picture("WEBP", 16, 16)[12:]
    return b"RIFF" + struct.pack("<I", len(body)) + body

"""Texts that are none: empty, of other encodings, of other kinds, far too long."""

from __future__ import annotations

import random
from collections.abc import Iterator

Row = tuple[str, bytes, str, str]

WHOLE = "saved or copied whole"
UTF_8 = "UTF-8"


def bad_texts() -> Iterator[Row]:
    """Texts that must be refused."""
    for name in ("notes.txt", "notes.md", "notes.pdf", "photo.png", "notes"):
        yield name, b"", "is empty", WHOLE
    yield "notes.txt", bytes(5_000), "nothing but zeros", WHOLE
    yield "statutes.pdf", bytes(70_000), "nothing but zeros", WHOLE
    yield "notes.txt", b"\xef\xbb\xbf", "is empty", WHOLE
    yield "notes.md", b"\xff\xfe", "is empty", WHOLE
    yield "notes.csv", b" \n\t\r\n", "is empty", WHOLE
    words = "Die Gemeinschaft trägt das Haus für alle, die darin wohnen; niemand besitzt es allein. "
    for name, data in (
        ("german.txt", words.encode("latin-1")),
        ("german.md", words.encode("cp850")),
        ("polish.txt", "Zażółć gęślą jaźń".encode("cp1250")),
        ("japanese.txt", "議事録を読む".encode("shift-jis")),
        ("korean.csv", "회의록,값\n".encode("euc-kr")),
        ("russian.txt", "Протокол собрания".encode("koi8-r")),
        ("wide.txt", words.encode("utf-16-le")),
        ("wide.md", words.encode("utf-16-be")),
        ("wider.txt", words.encode("utf-32")),
        ("wider.md", b"\x00\x00\xfe\xff" + words.encode("utf-32-be")),
        ("half.txt", b"Half a pair: \xed\xa0\x80."),
        ("long.txt", b"An overlong sign: \xc0\xaf."),
        ("half.md", b"\xff\xfeA\x00\x00\xd8B\x00"),
        ("odd.txt", b"\xff\xfeA\x00B"),
        ("cut.txt", "A sign cut short: €".encode()[:-1]),
    ):
        yield name, data, UTF_8, UTF_8
    noise = random.Random(3).randbytes(3_000)
    for name in ("noise.txt", "noise.csv", "noise.md", "noise.html", "noise"):
        yield name, b"\x05" + noise, "no text", "Save it"
    yield "noise.docx", b"\x05" + noise, "damaged", "save it anew"
    yield "noise.jpg", b"\x05" + noise, "damaged", "save it anew"
    yield "noise.xyz", b"\x05" + noise, "not known|no text", "Save it"
    yield "words.txt", b"Some words,\x00 and a zero.", "no text", "Save it"
    text = b"Some words that a person could read.\n"
    for name, ending in (("data.json", "json"), ("tool.py", "py"), ("tool.exe", "exe"), ("book.tex", "tex")):
        yield name, text, rf"not read \(\.{ending}\)", rf"{name.split('.')[0]}\.txt"
    yield "tool.sh", b"#!/bin/sh\nrm -rf /\n", r"\.sh", r"tool\.txt"
    for name in ("letter.docx", "deck.pptx", "photo.png", "photo.jpeg"):
        yield name, text, "plain text", r"\.txt"
    yield "mail.eml", b"From: a@example.org\nTo: b@example.org\n\nHello.\n", "a message", r"\.txt"
    yield "page.mht", b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n", "a message", r"\.txt"
    yield "novel.txt", b"word \n" * 900_000, "characters", "Split"

"""Bad files of every sort, made here: what each is called, its bytes, and what must be said about it."""

from __future__ import annotations

import io
import pickle
import random
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from tests.support import made_files as made
from tests.support.bad_pictures import bad_pictures, doubtful_pictures
from tests.support.bad_texts import bad_texts
from tests.support.pdf import flow, write_pdf

DAMAGED = "damaged"
ANEW = "save it anew|Save it anew|Save it as|Export it anew"
UNPACK = "Unpack it"
PICTURE = "JPEG or PNG"
ONLY = "Only documents, pictures and texts"
EXPORT = r"\.csv or \.txt"
TRANSCRIPT = r"transcript|captions"


@dataclass(frozen=True)
class BadFile:
    """`message` and `hint` are expressions that must be found in what is said; "" for `name` is a name too."""

    name: str
    data: bytes
    message: str
    hint: str


def bad_files() -> tuple[BadFile, ...]:
    """Files that must be refused."""
    groups = (_kinds(), _packages(), _pdfs(), bad_pictures(), _recordings(), bad_texts(), _names())
    return tuple(BadFile(*row) for group in groups for row in group)


def doubtful_files() -> tuple[BadFile, ...]:
    """Files that are read, whole or in part, or refused with this message."""
    groups = (doubtful_pictures(), _doubtful_documents())
    return tuple(BadFile(*row) for group in groups for row in group)


Row = tuple[str, bytes, str, str]


def _kinds() -> Iterator[Row]:
    """Files that are known by their first bytes, under names of others."""
    rest = b"\x01\x00\x02" * 300
    yield from (
        ("minutes.docx", b"{\\rtf1\\ansi Minutes of the pool}", "rich text", r"\.docx or PDF"),
        ("notice.png", b"%!PS-Adobe-3.0\n(notice) show\n", "PostScript", "PDF"),
        ("statutes.pdf", b"%!PS-Adobe-3.0\n(statutes) run\n", "PostScript", "PDF"),
        ("logo.jpg", b"\xc5\xd0\xd3\xc6" + rest, "EPS", "PDF"),
        ("logo.eps", b"\x04%!PS-Adobe-3.0 EPSF-3.0\n", "PostScript", "PDF"),
        ("book.pdf", b"AT&TFORM" + rest, "DjVu", "PDF"),
        ("scan.jpg", b"II*\x00" + rest, "TIFF", PICTURE),
        ("scan.tif", b"MM\x00*" + rest, "TIFF", PICTURE),
        ("big.tif", b"II+\x00" + rest, "TIFF", PICTURE),
        ("favicon.ico", b"\x00\x00\x01\x00\x01\x00" + rest, "icon", PICTURE),
        ("arrow.png", b"\x00\x00\x02\x00\x01\x00" + rest, "cursor", PICTURE),
        ("poster.psd", b"8BPS\x00\x01" + rest, "Photoshop", PICTURE),
        ("poster.png", b"gimp xcf v011" + rest, "GIMP", PICTURE),
        ("map.jp2", b"\x00\x00\x00\x0cjP  \r\n\x87\n" + rest, "JPEG 2000", PICTURE),
        ("map.jpg", b"\xff\x4f\xff\x51" + rest, "JPEG 2000", PICTURE),
        ("map.jxl", b"\x00\x00\x00\x0cJXL \r\n\x87\n" + rest, "JPEG XL", PICTURE),
        ("photo.webp", b"\xff\x0a" + rest, "JPEG XL", PICTURE),
        ("skin.dds", b"DDS \x7c" + rest, "DirectDraw", PICTURE),
        ("icon.qoi", b"qoif" + rest, "QOI", PICTURE),
        ("light.exr", b"v/1\x01" + rest, "OpenEXR", PICTURE),
        ("plan.wmf", b"\xd7\xcd\xc6\x9a" + rest, "metafile", PICTURE),
        ("plan.emf", b"\x01\x00\x00\x00" + bytes(36) + b" EMF" + rest, "metafile", PICTURE),
        ("moving.mng", b"\x8aMNG\r\n\x1a\n" + rest, "MNG", PICTURE),
        ("notice.bmp", b"BM" + struct.pack("<IHHI", 900, 0, 0, 54) + rest, "BMP", PICTURE),
        ("notice.ppm", b"P6\n# made by hand\n20 20 255\n" + bytes(1200), "pixmap", PICTURE),
        ("photo.jpg", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + rest, "HEIC", PICTURE),
        ("photo.heif", b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic" + rest, "HEIC", PICTURE),
        ("photo.png", b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00avifmif1" + rest, "AVIF", PICTURE),
        ("archive.txt", b"\x1f\x8b\x08\x00" + rest, "gzip", UNPACK),
        ("archive.md", b"BZh91AY&SY" + rest, "bzip2", UNPACK),
        ("archive.csv", b"\xfd7zXZ\x00" + rest, "xz archive", UNPACK),
        ("archive.7z", b"7z\xbc\xaf\x27\x1c\x00\x04" + rest, "7z", UNPACK),
        ("archive.rar", b"Rar!\x1a\x07\x00" + rest, "RAR", UNPACK),
        ("archive.docx", b"Rar!\x1a\x07\x01\x00" + rest, "RAR", UNPACK),
        ("archive.zst", b"\x28\xb5\x2f\xfd" + rest, "Zstandard", UNPACK),
        ("archive.lz4", b"\x04\x22\x4d\x18" + rest, "LZ4", UNPACK),
        ("archive.Z", b"\x1f\x9d\x90" + rest, "compressed file", UNPACK),
        ("archive.lz", b"LZIP\x01" + rest, "lzip", UNPACK),
        ("setup.cab", b"MSCF\x00\x00\x00\x00" + rest, "cabinet", UNPACK),
        ("help.chm", b"ITSF\x03\x00" + rest, "help file", "PDF"),
        ("tool.deb", b"!<arch>\ndebian-binary   " + rest, "package of programs", UNPACK),
        ("tool.pkg", b"xar!\x00\x1c" + rest, "xar", UNPACK),
        ("old.cpio", b"070701" + rest, "cpio", UNPACK),
        ("old.lzh", b"\x19\x00-lh5-" + rest, "LHA", UNPACK),
        ("old.tar", (b"notes.txt" + bytes(248) + b"ustar\x0000").ljust(1024, b"\x00"), "tar archive", UNPACK),
        ("disc.iso", bytes(32768) + b"\x01CD001\x01" + rest, "disc image", UNPACK),
        ("notes.pdf", b"\x7fELF\x02\x01\x01" + rest, "a program", ONLY),
        ("notes.txt", b"\xcf\xfa\xed\xfe\x07\x00" + rest, "a program", ONLY),
        ("Notes.class", b"\xca\xfe\xba\xbe\x00\x00" + rest, "a program", ONLY),
        ("photo.jpeg", b"MZ\x90\x00\x03\x00" + rest, "a program", ONLY),
        ("page.html", b"\x00asm\x01\x00\x00\x00" + rest, "WebAssembly", ONLY),
        ("app.dex", b"dex\n035\x00" + rest, "a program", ONLY),
        ("code.txt", b"\x1bLuaS" + rest, "a program", ONLY),
        ("letter.lnk", b"L\x00\x00\x00\x01\x14\x02\x00" + rest, "shortcut", "file itself"),
        ("game.swf", b"CWS\x0a" + rest, "Flash", ONLY),
        ("members.csv", b"SQLite format 3\x00" + rest, "SQLite", EXPORT),
        ("members.mdb", b"\x00\x01\x00\x00Standard Jet DB\x00" + rest, "Access", EXPORT),
        ("members.parquet", b"PAR1" + rest, "Parquet", EXPORT),
        ("members.arrow", b"ARROW1\x00\x00" + rest, "Arrow", EXPORT),
        ("members.h5", b"\x89HDF\r\n\x1a\n" + rest, "HDF5", EXPORT),
        ("members.npy", b"\x93NUMPY\x01\x00" + rest, "NumPy", EXPORT),
        ("members.txt", pickle.dumps({"names": ["Ada", "Bo"]}), "Python program", EXPORT),
        ("members.md", pickle.dumps([1.5] * 40, protocol=2), "Python program", EXPORT),
        ("sans.ttf", b"\x00\x01\x00\x00\x00\x0f" + rest, "font", ONLY),
        ("sans.otf", b"OTTO\x00\x0b" + rest, "font", ONLY),
        ("sans.woff", b"wOFF\x00\x01" + rest, "font", ONLY),
        ("sans.pdf", b"wOF2\x00\x01" + rest, "font", ONLY),
        ("settings.plist", b"bplist00" + rest, "settings", EXPORT),
        ("pointer.ani", b"RIFF\x24\x00\x00\x00ACON" + rest, "RIFF", EXPORT),
    )


def _packages() -> Iterator[Row]:
    word, deck = made.word_file(), made.deck_file()
    nested = made.zipped({"lib 0.zip": made.zipped({"book 0.zip": made.zipped({"page.txt": b"0" * 10**6})})})
    yield "rules.zip", nested, "zip file", UNPACK
    yield "rules.docx", made.zipped({"rules.txt": b"Rules"}), "zip file", UNPACK
    yield "photo.jpg", made.zipped({}), "zip file", UNPACK
    types = "[Content_Types].xml"
    for name, kind, what, hint in (
        ("sheet.xlsx", b"spreadsheetml.sheet.main+xml", "spreadsheet", r"\.csv"),
        ("sheet.pdf", b"spreadsheetml.sheet.main+xml", "spreadsheet", r"\.csv"),
        ("sheet.xlsm", b"ms-excel.sheet.macroEnabled.main+xml", "macros", "without macros"),
        ("letter.docm", b"ms-word.document.macroEnabled.main+xml", "macros", "without macros"),
        ("letter.docx", b"ms-word.document.macroEnabled.main+xml", "macros", "without macros"),
        ("deck.pptm", b"ms-powerpoint.presentation.macroEnabled.main+xml", "macros", "without macros"),
        ("plan.vsdx", b"ms-visio.drawing.main+xml", "another kind", "PDF"),
    ):
        yield name, made.zipped({types: kind}), what, hint
    for name, kind, what, hint in (
        ("letter.odt", b"application/vnd.oasis.opendocument.text", "OpenDocument file", r"\.docx or PDF"),
        ("sheet.ods", b"application/vnd.oasis.opendocument.spreadsheet", "OpenDocument spreadsheet", r"\.csv"),
        ("deck.odp", b"application/vnd.oasis.opendocument.presentation", "OpenDocument pres", r"\.pptx or PDF"),
        ("book.epub", b"application/epub+zip", "EPUB", "PDF"),
    ):
        yield name, made.zipped({"mimetype": kind}), what, hint
    yield "tool.jar", made.zipped({"META-INF/MANIFEST.MF": b"Main-Class: A"}), "Java", ONLY
    yield "tool.apk", made.zipped({"AndroidManifest.xml": b"<manifest/>"}), "Android", ONLY
    yield "letter.pages", made.zipped({"Index/Document.iwa": b"\x00"}), "Apple Pages", "PDF"
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    for name in ("letter.doc", "letter.docx", "sheet.xls", "deck.ppt", "notes.pdf"):
        yield name, old, "old Office format", r"\.docx"
    yield "mail.msg", old, "Outlook", r"\.txt"
    yield "setup.msi", old, "a program", ONLY
    locked = old + "EncryptedPackage".encode("utf-16-le")
    for name in ("locked.docx", "locked.xlsx"):
        yield name, locked, "password", "without the password"
    for name, data in (("rules.docx", word), ("rules.pptx", deck)):
        for share in (0.01, 0.2, 0.5, 0.9, 0.999):
            yield name, data[: int(share * len(data))], DAMAGED, ANEW
        yield name, b"PK\x03\x04" + bytes(200), DAMAGED, ANEW
        yield name, _encrypted(data), "password", "without the password"
        yield from _bombs(name, data)
        yield from _bad_xml(name, data)


def _main(name: str) -> str:
    return "word/document.xml" if name.endswith("docx") else "ppt/slides/slide1.xml"


def _bombs(name: str, data: bytes) -> Iterator[Row]:
    main = _main(name)
    yield name, made.with_member(data, {main: b" " * (3 * 2**20)}), "200 times", ANEW
    yield name, made.with_member(data, {"media/a.bin": bytes(30 * 2**20)}), "200 times", ANEW
    yield name, made.with_member(data, {f"media/{n}.xml": b"" for n in range(5_100)}), "51[0-9][0-9] parts", "Split"
    yield (
        name,
        _stating(made.with_member(data, {"media/a.bin": b"a"}), b"media/a.bin", 3 * 2**30),
        "more than is read",
        "S",
    )
    yield name, _stating(data, main.encode(), 300), DAMAGED, ANEW
    yield name, _overlapping(data), "over each other", ANEW


def _bad_xml(name: str, data: bytes) -> Iterator[Row]:
    main = _main(name)
    text = made.member(data, main)
    start = text.find(b"?>") + 2
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    for declared, what in (
        (b'<!DOCTYPE w [<!ENTITY l0 "lol">' + laughs + b"]>", "entities"),
        (b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "entities"),
        (b'<!DOCTYPE w [<!ENTITY x SYSTEM "http://127.0.0.1/x">]>', "entities"),
        (b'<!DOCTYPE w [<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;]>', "entities"),
        (b'<!DOCTYPE w SYSTEM "http://127.0.0.1/x.dtd">', "another file"),
    ):
        yield name, made.with_member(data, {main: text[:start] + declared + text[start:]}), what, "PDF"
    relations = "_rels/.rels"
    declared = b"<!DOCTYPE r [<!ENTITY x 'y'>]>"
    found = made.member(data, relations)
    place = found.find(b"?>") + 2
    yield name, made.with_member(data, {relations: found[:place] + declared + found[place:]}), "entities", "PDF"
    deep = b"<a>" * 5_000 + b"</a>" * 5_000
    yield name, made.with_member(data, {main: deep}), "levels deep", "Flatten"
    yield name, made.with_member(data, {main: text[: len(text) // 2]}), DAMAGED, ANEW
    yield name, made.with_member(data, {main: b"\x00\x01" * 99}), DAMAGED, ANEW
    remote = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"'
        b' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"'
        b' Target="https://example.org/a.dotm" TargetMode="External"/></Relationships>'
    )
    yield name, made.with_member(data, {"word/_rels/settings.xml.rels": remote}), "from the network", "PDF"
    types = "[Content_Types].xml"
    hidden = made.member(data, types).replace(main.encode(), main.replace(".xml", ".bin").encode())
    hiding = {types: hidden, main.replace(".xml", ".bin"): text[:start] + declared + text[start:]}
    yield name, made.with_member(data, hiding), "another ending", ANEW


def _encrypted(data: bytes) -> bytes:
    """Every member's flag says that it is encrypted."""
    changed = bytearray(data)
    for sign, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = changed.find(sign)
        while start >= 0:
            changed[start + place] |= 1
            start = changed.find(sign, start + 4)
    return bytes(changed)


def _stating(data: bytes, member: bytes, size: int) -> bytes:
    """The table of contents states another size for a member than it has."""
    changed = bytearray(data)
    place = data.rfind(member) - 46
    assert data[place : place + 4] == b"PK\x01\x02"
    changed[place + 24 : place + 28] = struct.pack("<I", size)
    return bytes(changed)


def _overlapping(data: bytes) -> bytes:
    """All entries of the table of contents lead to the same bytes."""
    changed = bytearray(data)
    start = data.find(b"PK\x01\x02")
    first = data[start + 42 : start + 46]
    while start >= 0:
        changed[start + 42 : start + 46] = first
        start = data.find(b"PK\x01\x02", start + 4)
    return bytes(changed)


def _pdfs() -> Iterator[Row]:
    whole = made.pdf_file(3)
    for share in (0.02, 0.1, 0.3):
        yield "statutes.pdf", whole[: int(share * len(whole))], f"{DAMAGED}|no text", f"{ANEW}|OCR"
    yield "statutes.pdf", b"%PDF-1.7\n" + random.Random(5).randbytes(4_000), DAMAGED, ANEW
    yield "statutes.txt", b"%PDF-1.7\n%%EOF\n", DAMAGED, ANEW
    yield "statutes.pdf", write_pdf([flow("Secret.")], locked=True), "password", "without the password"
    yield "statutes.pdf", write_pdf([[]] * 2_500), "2500 pages", "Split"
    catalogue = b"<< /Type /Catalog /Pages 2 0 R >>"
    yield (
        "loop.pdf",
        made.raw_pdf(catalogue, b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"),
        f"{DAMAGED}|no (text|page)",
        ".",
    )
    yield "none.pdf", made.raw_pdf(catalogue, b"<< /Type /Pages /Kids [] /Count 0 >>"), f"{DAMAGED}|no (text|page)", "."
    yield "rootless.pdf", made.raw_pdf(catalogue, trailer=b"/Size 1"), DAMAGED, ANEW
    yield "noise.pdf", random.Random(6).randbytes(3_000).replace(b"%PDF", b"----"), DAMAGED, ANEW
    yield "plain.pdf", b"These are only words, no pages.\n", "plain text", r"plain\.txt"


def _recordings() -> Iterator[Row]:
    films = (
        ("mp4", "mpeg4", "lecture.mp4"), ("mp4", "mpeg4", "lecture.pdf"), ("webm", "vp8", "lecture.webm"),
        ("matroska", "vp8", "lecture.mkv"), ("avi", "mpeg4", "lecture.avi"), ("mpegts", "mpeg4", "lecture.ts"),
        ("mp3", "libmp3lame", "talk.mp3"), ("ogg", "libopus", "talk.ogg"), ("flac", "flac", "talk.flac"),
    )  # fmt: skip
    for container, codec, name in films:
        kind = "a film" if codec in {"mpeg4", "vp8"} else "a sound recording"
        yield name, made.film(container, codec), f"{kind}.*, and only documents and pictures are read", "cml lecture"
    yield "talk.wav", made.sound(), "and only documents and pictures are read", "cml lecture.*transcript"
    yield "long.wav", made.sound(5 * 3600, rate=100), "5.0 hours", TRANSCRIPT
    film = made.film("mp4", "mpeg4")
    for length in (20, 60, len(film) // 2, len(film) - 300):
        yield "lecture.mp4", film[:length], f"{DAMAGED}|recording", TRANSCRIPT
    yield "talk.ogg", b"OggS" + bytes(200), f"{DAMAGED}|recording", TRANSCRIPT
    yield "lecture.webm", b"\x1aE\xdf\xa3" + bytes(200), DAMAGED, TRANSCRIPT
    for name, start in (
        ("talk.flv", b"FLV\x01\x05"), ("talk.mpg", b"\x00\x00\x01\xba\x44"), ("talk.wmv", b"0&\xb2u\x8ef\xcf\x11\xa6"),
        ("tune.mid", b"MThd\x00\x00\x00\x06"), ("tune.aiff", b"FORM\x00\x00\x10\x00AIFF"), ("call.amr", b"#!AMR\n\x04"),
    ):  # fmt: skip
        yield name, start + bytes(300), "recording in a format that is not read", TRANSCRIPT
    lists = (
        b"ffconcat version 1.0\nfile '/etc/passwd'\n",
        b"file '/etc/passwd'\nfile 'secret.mp4'\n",
        b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
        b"\xef\xbb\xbf#EXTM3U\nhttp://127.0.0.1/x.ts\n",
        b"[playlist]\nFile1=/etc/passwd\nNumberOfEntries=1\n",
        b'<asx version="3.0"><entry><ref href="http://127.0.0.1/x"/></entry></asx>',
        b'<?xml version="1.0"?><!-- a --><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>',
        b'<?wpl version="1.0"?><smil><body/></smil>',
        b"<smil><body><video src='/etc/passwd'/></body></smil>",
        b"[Reference]\nRef1=http://127.0.0.1/x\n",
    )
    for number, data in enumerate(lists):
        yield ("lecture.mp4", "talk.mp3", "list.m3u8", "list.txt")[number % 4], data, "playlist", TRANSCRIPT
    yield "lecture.mp4", b"Just a few words, called a film.\n", "text of a kind", r"lecture\.txt"
    yield "talk.mp3", "Nur ein paar Wörter.\n".encode(), "text of a kind", r"talk\.txt"
    yield "lecture.mov", b"\x00\x00\x00\x01 nothing of the sort" + bytes(99), "not known", "Save it"


def _names() -> Iterator[Row]:
    """Names that were made to deceive or to break something; what is in the file is a program."""
    program = b"\x7fELF\x02\x01\x01" + bytes(99)
    for name in (
        "../../etc/passwd", "..\\..\\Windows\\win.ini", "/etc/shadow", "C:\\boot.ini", "<script>alert(1)</script>.pdf",
        '"><img src=x onerror=alert(1)>.png', "photo\u202egnp.exe", "two\nlines.txt", "\x00\x01\x1b[2J.pdf", "", "   ",
        "....", "/", "con", "NUL.txt", "a" * 5_000 + ".pdf", "é" * 500, "\ud800.pdf", "z\u0351\u0352\u0353" * 60,
        "%2e%2e%2f%s%n{0}.pdf", "\u200b\u200f\u2066hidden.pdf", "سند.pdf", "会议记录.docx", "-rf *", "$(reboot).txt",
        "'; DROP TABLE files; --.csv", "a/b/c/d.pdf/", ".htaccess", "\ufeffx.txt", "x" * 200,
    ):  # fmt: skip
        yield name, program, "a program, which is not read", ONLY


def _doubtful_documents() -> Iterator[Row]:
    page = made.pdf_file()
    packed = made.zipped({"a.txt": b"Hidden."}, zipfile.ZIP_STORED)
    yield "both.pdf", page + packed, DAMAGED, ANEW
    yield "both.docx", page + packed, DAMAGED, ANEW
    yield "photo.png", page, DAMAGED, ANEW
    catalogue = b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>"
    launch = b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /Launch /F (/bin/sh) >> >>"
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    words = b"BT /F0 11 Tf 72 700 Td (The pool keeps a ledger.) Tj ET"
    stream = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(words), words)
    fonts = b"/Resources << /Font << /F0 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> /Contents 4 0 R"
    for first in (catalogue, launch):
        leaf = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] " + fonts + b" >>"
        yield "active.pdf", made.raw_pdf(first, pages, leaf, stream), DAMAGED, ANEW
    huge = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 2000000 2000000] " + fonts + b" >>"
    yield "huge.pdf", made.raw_pdf(catalogue, pages, huge, stream), f"{DAMAGED}|no text|large", "."
    many = b"<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>"
    leaf = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] " + fonts + b" >>"
    yield "counting.pdf", made.raw_pdf(catalogue, many, leaf, stream), f"{DAMAGED}|pages|no text", "."
    nested = b"[" * 3_000 + b"]" * 3_000
    yield "nested.pdf", made.raw_pdf(catalogue, pages, leaf[:-2] + b"/X " + nested + b">>", stream), DAMAGED, ANEW
    yield "half.pdf", made.pdf_file(3)[:-400], DAMAGED, ANEW
    kept = io.BytesIO(made.word_file())
    with zipfile.ZipFile(kept, "a") as archive:
        archive.writestr("../../evil.sh", "reboot")
        archive.writestr("inner.zip", made.zipped({"a.txt": b"0" * 10**6}))
    yield "slips.docx", kept.getvalue(), DAMAGED, ANEW
    gif = made.picture("GIF")
    yield "both.gif", gif + b"/*\n*/=1;alert(1)", DAMAGED, ANEW
    yield (
        "deep.html",
        b"<div>" * 20_000 + b"The pool keeps a ledger that all may read." + b"</div>" * 20_000,
        "deep|dam",
        ".",
    )
    yield "deep.md", b"> " * 5_000 + b"The pool keeps a ledger.\n", "deep", "."
    yield "deep.csv", b'"' * 9_999 + b",a\n1,2\n", DAMAGED, "."
    yield "wide.csv", b",".join([b"a"] * 20_000) + b"\n" + b",".join([b"1"] * 20_000), "columns|more", "."

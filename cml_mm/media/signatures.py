"""What the first bytes of files say they are: those that are read, and those that are known by name only.

Signatures are those of the formats' own specifications and of the `file` program's public list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """A kind of file that is not read: what it is, and the way out."""

    what: str
    hint: str


AS_DOCUMENT = "Save it as .pdf, .docx, .pptx, .html, .md or .txt, and add that."
AS_PDF = "Save or print it as a PDF, and add that."
AS_PICTURE = "Save it as JPEG or PNG, and add that."
AS_CSV = "Save the sheet as .csv, and add that."
UNPACK = "Unpack it, and add the files that are in it."
AS_SOUND = "Save it as .mp3, .m4a, .wav or .mp4, or add its captions (.srt, .vtt) or its transcript as .txt."
_TEXT_OF_IT = "Only documents, pictures and texts are read. Add a document that says what it does."
_EXPORT = "Export what you want to ask about as .csv or .txt, and add that."
_FONT = "Only documents, pictures and texts are read."

# (place, bytes, what it is, the way out). The first match counts.
_SIGNS: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"{\\rtf", "rich text (RTF)", "Save it as .docx or PDF, and add that."),
    (0, b"%!PS", "a PostScript file", AS_PDF),
    (0, b"\x04%!PS", "a PostScript file", AS_PDF),
    (0, b"\xc5\xd0\xd3\xc6", "a PostScript picture (EPS)", AS_PDF),
    (0, b"AT&TFORM", "a DjVu scan", AS_PDF),
    (0, b"II*\x00", "a TIFF picture", AS_PICTURE),
    (0, b"MM\x00*", "a TIFF picture", AS_PICTURE),
    (0, b"II+\x00", "a TIFF picture", AS_PICTURE),
    (0, b"MM\x00+", "a TIFF picture", AS_PICTURE),
    (0, b"\x00\x00\x01\x00", "an icon file", AS_PICTURE),
    (0, b"\x00\x00\x02\x00", "a cursor file", AS_PICTURE),
    (0, b"8BPS", "a Photoshop picture", AS_PICTURE),
    (0, b"gimp xcf", "a GIMP picture", AS_PICTURE),
    (0, b"\x00\x00\x00\x0cjP  \r\n\x87\n", "a JPEG 2000 picture", AS_PICTURE),
    (0, b"\xff\x4f\xff\x51", "a JPEG 2000 picture", AS_PICTURE),
    (0, b"\x00\x00\x00\x0cJXL \r\n\x87\n", "a JPEG XL picture", AS_PICTURE),
    (0, b"\xff\x0a", "a JPEG XL picture", AS_PICTURE),
    (0, b"DDS ", "a DirectDraw picture", AS_PICTURE),
    (0, b"qoif", "a QOI picture", AS_PICTURE),
    (0, b"v/1\x01", "an OpenEXR picture", AS_PICTURE),
    (0, b"\xd7\xcd\xc6\x9a", "a Windows metafile drawing", AS_PICTURE),
    (40, b" EMF", "a Windows metafile drawing", AS_PICTURE),
    (0, b"\x8aMNG", "an animation (MNG)", AS_PICTURE),
    (0, b"\x1f\x8b", "a gzip archive", UNPACK),
    (0, b"BZh", "a bzip2 archive", UNPACK),
    (0, b"\xfd7zXZ\x00", "an xz archive", UNPACK),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    (0, b"Rar!\x1a\x07", "a RAR archive", UNPACK),
    (0, b"\x28\xb5\x2f\xfd", "a Zstandard archive", UNPACK),
    (0, b"\x04\x22\x4d\x18", "an LZ4 archive", UNPACK),
    (0, b"\x1f\x9d", "a compressed file (.Z)", UNPACK),
    (0, b"LZIP", "an lzip archive", UNPACK),
    (0, b"MSCF\x00\x00", "a cabinet archive", UNPACK),
    (0, b"ITSF", "a Windows help file", AS_PDF),
    (0, b"!<arch>\n", "a package of programs", UNPACK),
    (0, b"xar!", "an archive (xar)", UNPACK),
    (0, b"07070", "an archive (cpio)", UNPACK),
    (2, b"-lh", "an LHA archive", UNPACK),
    (257, b"ustar", "a tar archive", UNPACK),
    (32769, b"CD001", "a disc image", UNPACK),
    (0, b"\x7fELF", "a program", _TEXT_OF_IT),
    (0, b"\xfe\xed\xfa\xce", "a program", _TEXT_OF_IT),
    (0, b"\xfe\xed\xfa\xcf", "a program", _TEXT_OF_IT),
    (0, b"\xce\xfa\xed\xfe", "a program", _TEXT_OF_IT),
    (0, b"\xcf\xfa\xed\xfe", "a program", _TEXT_OF_IT),
    (0, b"\xca\xfe\xba\xbe", "a program", _TEXT_OF_IT),
    (0, b"\x00asm", "a program (WebAssembly)", _TEXT_OF_IT),
    (0, b"dex\n03", "a program", _TEXT_OF_IT),
    (0, b"\x1bLua", "a program", _TEXT_OF_IT),
    (0, b"L\x00\x00\x00\x01\x14\x02\x00", "a shortcut to another file", "Add the file itself that it points to."),
    (0, b"CWS", "a Flash program", _TEXT_OF_IT),
    (0, b"FWS", "a Flash program", _TEXT_OF_IT),
    (0, b"SQLite format 3\x00", "a database (SQLite)", _EXPORT),
    (0, b"\x00\x01\x00\x00Standard ", "a database (Access)", _EXPORT),
    (0, b"PAR1", "a data file (Parquet)", _EXPORT),
    (0, b"ARROW1", "a data file (Arrow)", _EXPORT),
    (0, b"\x89HDF\r\n\x1a\n", "a data file (HDF5)", _EXPORT),
    (0, b"\x93NUMPY", "a data file (NumPy)", _EXPORT),
    (0, b"\x00\x01\x00\x00\x00", "a font", _FONT),
    (0, b"OTTO\x00", "a font", _FONT),
    (0, b"ttcf\x00", "a font", _FONT),
    (0, b"wOFF", "a font", _FONT),
    (0, b"wOF2", "a font", _FONT),
    (0, b"bplist00", "a settings file", _EXPORT),
)
_PICKLE = re.compile(rb"\x80[\x02-\x05].*\.\Z", re.S)
# A comment ends with its line: one that could end at any blank would be tried in every way.
_PIXMAP = re.compile(rb"P[1-7]\s+(?:#[^\n]*\n\s*)*\d+\s+\d+\s")

# Recordings: (place, bytes, the name of PyAV's reader; "" where none is let near it).
_RECORDED: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x1aE\xdf\xa3", "matroska"),
    (0, b"OggS", "ogg"),
    (0, b"fLaC", "flac"),
    (0, b"ID3", "mp3"),
    (4, b"ftyp", "mov"),
    (4, b"moov", "mov"),
    (4, b"mdat", "mov"),
    (4, b"wide", "mov"),
    (0, b"FLV\x01", ""),
    (0, b"\x00\x00\x01\xba", ""),
    (0, b"\x00\x00\x01\xb3", ""),
    (0, b"0&\xb2u\x8ef\xcf\x11", ""),
    (0, b"#!AMR", ""),
    (0, b"MThd\x00", ""),
    (0, b".snd\x00", ""),
    (0, b".RMF", ""),
    (0, b"wvpk", ""),
    (0, b"MAC ", ""),
)
_RIFFS = {b"WAVE": "wav", b"AVI ": "avi"}
_HEAD_BYTES = 4096  # of a text, where it says what it is
_STILL_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis")
_PLAYLIST = re.compile(
    rb"(?:ffconcat\s+version|#EXTM3U|#EXT-X-|\[playlist\]|\[Reference\]|<asx\b|<smil\b|<MPD\b|<playlist\b"
    rb"|<SmoothStreamingMedia\b|RTSPtext|file\s+'[^'\n]*'\s*(?:\n|\Z))",
    re.I,
)


def known_by_sign(data: bytes) -> Known | None:
    """The kind that is not read, by its signature; None for all others."""
    for place, sign, what, hint in _SIGNS:
        if data.startswith(sign, place):
            return Known(what, hint)
    if data.startswith(b"MZ") and b"\x00" in data[:256]:
        return Known("a program", _TEXT_OF_IT)
    if data.startswith(b"BM") and data[6:10] == bytes(4) and len(data) > 26:
        return Known("a BMP picture", AS_PICTURE)
    if data.startswith(b"RIFF") and data[8:12] not in (*_RIFFS, b"WEBP"):
        return Known("a data file (RIFF)", _EXPORT)
    if _PIXMAP.match(data[:200]):
        return Known("a pixmap picture", AS_PICTURE)
    if _PICKLE.match(data[:2] + data[-1:]) and len(data) > 2:
        return Known("data of a Python program", _EXPORT)
    if data[4:8] == b"ftyp" and data[8:12] in _STILL_BRANDS:
        name = "an AVIF" if data[8:11] == b"avi" else "a HEIC"
        return Known(f"{name} photo", AS_PICTURE)
    return None


def picture_sign(data: bytes) -> str:
    """ "PNG", "JPEG", "GIF" or "WEBP"; "" for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    return "WEBP" if data.startswith(b"RIFF") and data[8:12] == b"WEBP" else ""


def recording_sign(data: bytes) -> str | None:
    """Which reader of PyAV's a recording is for, "" for one that is given to none; None where it is no recording."""
    for place, sign, reader in _RECORDED:
        if data.startswith(sign, place):
            return reader
    if data.startswith(b"RIFF") and data[8:12] in _RIFFS:
        return _RIFFS[data[8:12]]
    if data.startswith(b"FORM") and data[8:12] in (b"AIFF", b"AIFC"):
        return ""
    if data[:1] == b"G" and len(data) > 376 and data[188:189] == b"G" and data[376:377] == b"G":
        return "mpegts"
    if data.startswith(b"\xff\xfe"):  # the mark of UTF-16, and of a kind of sound that nobody makes
        return None
    if len(data) > 4 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0 and b"\x00" in data[:4096]:
        return _mpeg_frame(data)
    return None


def is_playlist(data: bytes) -> bool:
    """Whether it is a list of other files to play: given to a player, it opens those."""
    head = data[:_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf")
    return head.lstrip().startswith(b"<?wpl") or _PLAYLIST.match(without_prolog(head)) is not None


def without_prolog(head: bytes) -> bytes:
    """A text from its first sign on that is no blank, no XML declaration and no comment.

    By hand: an expression that may skip any number of these takes for ever on some texts.
    """
    head = head.lstrip()
    while head.startswith((b"<?", b"<!--")):
        start, end = (b"<?", b"?>") if head.startswith(b"<?") else (b"<!--", b"-->")
        place = head.find(end, len(start))
        if place < 0:
            return head
        head = head[place + len(end) :].lstrip()
    return head


def _mpeg_frame(data: bytes) -> str | None:
    """The header of a first frame of MPEG sound (ISO 11172-3, 2.4.2.3), or of AAC in ADTS."""
    version, layer, rate, sampling = data[1] >> 3 & 3, data[1] >> 1 & 3, data[2] >> 4, data[2] >> 2 & 3
    if layer == 0:
        return "" if data[1] & 0xF6 == 0xF0 else None
    return "mp3" if version != 1 and rate not in (0, 15) and sampling != 3 else None

"""What a file is: its bytes say it, whatever it is called. Its name only parts the kinds of plain text."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from cml_mm.errors import MediaUnreadable, UnsupportedMedia
from cml_mm.media.captions.reading import is_captions
from cml_mm.media.diagram_signs import NAMED_FOR, diagram_sign
from cml_mm.media.html import looks_like_html
from cml_mm.media.packages import check_package, package_kind
from cml_mm.media.signatures import (
    AS_CSV,
    AS_DOCUMENT,
    AS_PDF,
    AS_SOUND,
    UNPACK,
    Known,
    is_playlist,
    known_by_sign,
    picture_sign,
    recording_sign,
    without_prolog,
)
from cml_mm.visits import DEFAULT_LIMITS, FileFormat, Limits

_TEXTS: dict[str, FileFormat] = {
    ".md": "md",
    ".markdown": "md",
    ".txt": "txt",
    ".text": "txt",
    **dict.fromkeys((".srt", ".vtt", ".ass", ".ssa", ".sbv"), "txt"),
    ".log": "txt",
    ".rst": "txt",
    ".csv": "csv",
    ".tsv": "csv",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".svg": "svg",
    "": "txt",
}
_CAPTIONED = frozenset({".srt", ".vtt", ".ass", ".ssa", ".sbv"})
_PLAIN = frozenset({".txt", ".text", ""})
# More than one sign, where the name promises only text: an agenda has times too, and a dialogue its speakers.
_TIMED = re.compile(
    rb"\d:\d\d:\d\d[.,]\d.{0,8}(?:-->|,\s*\d)|^WEBVTT\b(?:.*\r?\n){0,20}?.*\d\s*-->|^Dialogue:\s*\d+,\d+:\d\d:\d\d",
    re.MULTILINE,
)
_WORDS: dict[FileFormat, str] = {
    "pdf": "a PDF",
    "docx": "a .docx document",
    "pptx": "a .pptx deck",
    "html": "a web page",
    "svg": "an SVG drawing",
    "picture": "a picture",
    "sound": "a sound recording",
    "film": "a film",
}
# Of either kind: many containers hold one or the other.
_RECORDED = frozenset(
    """.mp3 .m4a .m4b .aac .wav .wave .ogg .oga .opus .flac .weba .mp4 .m4v .mov .webm .mkv .mka .avi .ogv .3gp .3g2 .ts
    .mts .m2ts .qt""".split()
)
_ENDINGS: dict[str, FileFormat] = {
    ".pdf": "pdf",
    ".docx": "docx",
    ".pptx": "pptx",
    **_TEXTS,
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".jfif", ".webp", ".gif"), "picture"),
}
_BINARY = frozenset({"pdf", "docx", "pptx", "picture"})
_PACKAGES = {
    "a zip file": UNPACK,
    "a spreadsheet": AS_CSV,
    "an OpenDocument spreadsheet": AS_CSV,
    "an OpenDocument presentation": "Save it as .pptx or PDF, and add that.",
    "an OpenDocument file": "Save it as .docx or PDF, and add that.",
    "an office file with macros": "Save a copy without macros (.docx, .pptx or .csv), and add that.",
    "a Java program": "Only documents, pictures and texts are read.",
    "an Android program": "Only documents, pictures and texts are read.",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_SVG = re.compile(rb"<(?:!DOCTYPE\s+)?(?:[A-Za-z][\w.-]{0,40}:)?svg\b", re.I)
_HEAD_BYTES = 64 * 1024


def sniff(data: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> FileFormat:
    """What kind of file these bytes are.

    Args:
        data: the whole file.
        name: what it is called, made fit for showing (see `intake.clean_name`).
        limits: on packages and recordings.

    Returns:
        The kind that it is read as. A package of Office's has been unpacked once and found fit.

    Raises:
        UnsupportedMedia: it is of a kind that is not read; the message names the kind.
        MediaUnreadable: it is empty, damaged, protected, or reaches outside.
        LimitExceeded: it would unpack or play to more than is read.
    """
    refuse_empty(data, name)
    ending = ending_of(name)
    kind = picture_sign(data)
    if kind:
        return "picture"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _package(data, name, limits)
    if data.startswith(_OLE):
        raise _old_office(data, name, ending)
    known = known_by_sign(data)
    if known is not None:
        raise _refusal(name, known)
    if is_playlist(data):
        raise UnsupportedMedia(
            f"{name} is a playlist: a list of other files, none of which are in it.",
            "Add the documents themselves, or a recording's transcript as .txt.",
        )
    reader = recording_sign(data)
    if reader is not None:
        return _recording(data, name, reader, limits)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    return _text(data, name, ending)


def most_bytes(name: str, limits: Limits) -> int:
    """How large a file of this name may be, before anything of it has been seen: recordings may be larger."""
    return max(limits.recording_bytes, limits.file_bytes) if ending_of(name) in _RECORDED else limits.file_bytes


def refuse_empty(data: bytes, name: str) -> None:
    """Raises: MediaUnreadable where no byte says anything."""
    hint = "Check that it was saved or copied whole, then add it again."
    if not data.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\f"):
        raise MediaUnreadable(f"{name} is empty.", hint)
    if not data.strip(b"\x00"):
        raise MediaUnreadable(f"{name} is empty: it holds nothing but zeros.", hint)


def misnamed(kind: FileFormat, name: str) -> str:
    """A notice for a file that is called something else than it is; "" where its name fits."""
    ending = ending_of(name)
    recorded = kind in {"sound", "film"} and ending in _RECORDED
    if kind not in _WORDS or _ENDINGS.get(ending) == kind or recorded or not ending:
        return ""
    return f"{name} is {_WORDS[kind]}, whatever its name says, and was read as one."


def ending_of(name: str) -> str:
    """ ".pdf" and the like; "" where what follows the last dot is a part of the name."""
    ending = PurePosixPath(name).suffix.lower()
    return ending if re.fullmatch(r"\.[a-z][a-z0-9]{0,8}|\.7z|\.3gp", ending) else ""


def _refusal(name: str, known: Known) -> UnsupportedMedia:
    return UnsupportedMedia(f"{name} is {known.what}, which is not read.", known.hint)


def _package(data: bytes, name: str, limits: Limits) -> FileFormat:
    kind = package_kind(data, name, limits)
    if kind == "docx" or kind == "pptx":
        check_package(data, name, limits)
        return "docx" if kind == "docx" else "pptx"
    raise _refusal(name, Known(kind, _PACKAGES.get(kind, AS_PDF)))


def _old_office(data: bytes, name: str, ending: str) -> MediaUnreadable | UnsupportedMedia:
    if _ENCRYPTED_STREAM in data:
        return MediaUnreadable(f"{name} is protected by a password.", "Save a copy without the password, and add that.")
    if ending == ".msg":
        return _refusal(name, Known("an Outlook message", "Save it as .txt, .html or PDF, and add that."))
    if ending == ".msi":
        return _refusal(name, Known("a program", "Only documents, pictures and texts are read."))
    return _refusal(
        name, Known("in an old Office format (.doc, .xls or .ppt)", "Save it as .docx, .pptx or .csv, and add that.")
    )


def _recording(data: bytes, name: str, reader: str, limits: Limits) -> FileFormat:
    from cml_mm.media.recordings import probe_recording

    if not reader:
        raise UnsupportedMedia(f"{name} is a recording in a format that is not read.", AS_SOUND)
    return probe_recording(data, name, reader, limits).format


def _text(data: bytes, name: str, ending: str) -> FileFormat:
    head = data[:_HEAD_BYTES]
    if data.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        raise MediaUnreadable(f"{name} is not UTF-8 text.", "Save it with the encoding UTF-8, then add it again.")
    marked = data.startswith(_BOMS)
    if b"\x00" in data and not data.startswith(_BOMS[1:]):
        raise _not_text(data, name, ending)
    if _is_svg(head):
        return "svg"
    if is_captions(head) and (ending in _CAPTIONED or (ending in _PLAIN and _TIMED.search(head.replace(b"\0", b"")))):
        return "captions"
    source = diagram_sign(head, ending)
    if source is not None and (ending in NAMED_FOR or _is_readable(head, marked)):
        return source
    if NAMED_FOR.get(ending) == "drawio":
        raise MediaUnreadable(
            f"{name} is no draw.io drawing: it holds other text.", "Export it as .drawio, SVG or PNG, and add that."
        )
    if looks_like_html(head, ending):
        return "html"
    kind = _TEXTS.get(ending)
    if kind == "svg":
        raise MediaUnreadable(
            f"{name} is no SVG drawing: it holds other text.", "Export it as SVG or PNG, and add that."
        )
    if ending in {".eml", ".mht", ".mhtml"}:
        raise _refusal(name, Known("a message", "Save its text as .txt or print it as a PDF, and add that."))
    if kind is None:
        raise _refuse_text(name, ending, _is_readable(head, marked))
    return kind


def _is_svg(head: bytes) -> bool:
    if head.startswith(_BOMS[1:]):
        head = head.decode("utf-16", "ignore").encode("utf-8", "ignore")
    return _SVG.match(without_prolog(head.removeprefix(_BOMS[0]))) is not None


def _not_text(data: bytes, name: str, ending: str) -> MediaUnreadable | UnsupportedMedia:
    """The error for bytes of no kind that is known here, by what the file is called."""
    expected = _ENDINGS.get(ending)
    if expected in _BINARY:
        return MediaUnreadable(
            f"{name} is damaged: it does not begin as {_WORDS[expected]} does.",
            "Open it in its own program, save it anew, then add it again.",
        )
    sample = data[:4096]
    if expected is not None and (sample[::2].count(0) > len(sample) // 5 or sample[1::2].count(0) > len(sample) // 5):
        return MediaUnreadable(
            f"{name} is not UTF-8 text: every other byte of it is a zero.",
            "Save it with the encoding UTF-8, then add it again.",
        )
    return UnsupportedMedia(f"{name} holds data of a kind that is not known here, and no text.", AS_DOCUMENT)


def _refuse_text(name: str, ending: str, readable: bool) -> UnsupportedMedia | MediaUnreadable:
    expected = _ENDINGS.get(ending)
    stem = name[: -len(ending)] or "text"
    if not readable:
        if expected is not None:
            return MediaUnreadable(
                f"{name} is damaged: it does not begin as {_WORDS[expected]} does.",
                "Open it in its own program, save it anew, then add it again.",
            )
        return UnsupportedMedia(f"{name} holds data of a kind that is not known here ({ending}).", AS_DOCUMENT)
    if expected is not None:
        return MediaUnreadable(
            f"{name} is not {_WORDS[expected]}: it holds plain text.",
            f"If you want its text read, rename it to {stem}.txt and add it again.",
        )
    return UnsupportedMedia(
        f"{name} is text of a kind that is not read ({ending}).",
        f"If you want its text read, rename it to {stem}.txt and add it again.",
    )


def _is_readable(head: bytes, marked: bool) -> bool:
    """Whether a person could read it: UTF-8, and hardly any control characters."""
    if marked:
        return True
    try:
        text = head.decode("utf-8", "strict") if len(head) < _HEAD_BYTES else head[:-4].decode("utf-8", "ignore")
    except UnicodeDecodeError:
        return False
    odd = sum(unicodedata.category(sign) == "Cc" and sign not in "\t\r\n\f" for sign in text[:4096])
    return odd * 50 <= min(len(text), 4096)

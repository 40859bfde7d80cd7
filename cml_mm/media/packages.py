"""Zipped office files: what they are, and refusing those that would unpack without end or reach outside.

Everything is checked twice: as the table of contents declares it, then while the parts that
get parsed are unpacked, since a table of contents may lie.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable
from io import BytesIO
from xml.parsers import expat

from cml_mm.errors import LimitExceeded, MediaUnreadable
from cml_mm.media.reading import damaged
from cml_mm.media.xml_checks import check_xml
from cml_mm.visits import Limits

_MOST_MEMBERS = 10_000
_MOST_BYTES = 200 * 2**20  # all members unpacked, pictures included
_MOST_XML_BYTES = 40 * 2**20  # a parsed tree takes ten times this in memory
_SMALL_BYTES = 2**20  # a member that unpacks to no more is no bomb, however well it was packed
_LEVELS_PER_DEPTH = 4  # Word nests four elements for every table in a table
_TYPES = "[Content_Types].xml"
_PARSED = (".xml", ".rels", ".vml", ".svg")
_OFFICE_TYPES = ("application/vnd.openxmlformats", "application/vnd.ms-")
_SPLIT = "Split it, or save it with smaller pictures."

# The libraries raise whatever their XML trips over; these are the kinds that damaged files brought forth.
# lxml's errors of syntax are SyntaxErrors, those of damaged zips and missing parts OSError and KeyError.
PACKAGE_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
    EOFError,
    OSError,
    RuntimeError,
)
_ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError)

# What an entry "mimetype" or a telling member says a package is. First match counts.
_BY_MIMETYPE = {
    b"application/epub+zip": "an e-book (EPUB)",
    b"application/vnd.oasis.opendocument.spreadsheet": "an OpenDocument spreadsheet",
    b"application/vnd.oasis.opendocument.presentation": "an OpenDocument presentation",
    b"application/vnd.oasis.opendocument": "an OpenDocument file",
}
_BY_MEMBER = (
    ("META-INF/MANIFEST.MF", "a Java program"),
    ("AndroidManifest.xml", "an Android program"),
    ("Index/Document.iwa", "an Apple Pages, Numbers or Keynote file"),
)
# A relationship of these kinds fetches something when an office program opens the file.
_FETCHING = ("/attachedtemplate", "/oleobject", "/frame", "/subdocument", "/externallink", "/package", "/control")
_REMOTE = re.compile(r"\s*(?:https?|ftps?|smb|webdavs?)\s*:|\s*[\\/]{2}", re.I)


def package_kind(data: bytes, path: str, limits: Limits | None = None) -> str:
    """What a zip file holds, by its table of contents.

    Args:
        data: the file's bytes.
        path: its name, for messages.
        limits: of a visitor's file; None for the library's own, which are trusted further.

    Returns:
        "docx", "pptx", or words for what else it is.

    Raises:
        MediaUnreadable: the zip file is damaged or protected.
        LimitExceeded: it would unpack to more than is read.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _refuse_bombs(archive, path, limits)
            names = set(archive.namelist())
            if any(info.flag_bits & 1 for info in archive.infolist()):
                raise MediaUnreadable(f"{path} is protected by a password.", "Save a copy without the password.")
            if _TYPES not in names:
                return _other_kind(archive, names)
            types = archive.read(_TYPES)
    except _ZIP_FAULTS as exc:
        raise damaged(path, "a zipped office file") from exc
    return _office_kind(types)


def check_package(data: bytes, path: str, limits: Limits) -> None:
    """Unpack every part that gets parsed, and refuse what a parser must not be given.

    Args:
        data: the bytes of a .docx or .pptx.
        path: its name, for messages.
        limits: on members, sizes, ratio and depth.

    Raises:
        MediaUnreadable: a part is damaged, has a size other than it states, declares
            entities, or has itself completed from elsewhere.
        LimitExceeded: it unpacks to more than is read, or is nested too deeply.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _refuse_bombs(archive, path, limits)
            for info in archive.infolist():
                if info.filename.lower().endswith(_PARSED):
                    _check_part(archive, info, path, limits)
    except _ZIP_FAULTS as exc:
        raise damaged(path, "a zipped office file") from exc


def _check_part(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str, limits: Limits) -> None:
    with archive.open(info) as part:  # stops at the size stated, and then compares the checksum
        look = {_TYPES: _refuse_disguised}.get(info.filename)
        if info.filename.lower().endswith(".rels"):
            look = _refuse_fetching
        try:
            check_xml(
                iter(lambda: part.read(2**16), b""),
                path,
                depth=_LEVELS_PER_DEPTH * limits.depth,
                on_element=None if look is None else lambda name, values: look(values, path),
            )
        except expat.ExpatError as exc:
            # Old drawings (.vml) and pictures are often no XML to the letter; no parser of ours is given them.
            if info.filename.lower().endswith((".xml", ".rels")):
                raise damaged(path, "a zipped office file") from exc


def _refuse_disguised(values: dict[str, str], path: str) -> None:
    """What libraries parse is told by its stated type, what is checked here by its ending: the two have to agree."""
    kind = values.get("ContentType", "").strip().casefold()
    place = values.get("PartName") or "." + values.get("Extension", "")
    if kind.startswith(_OFFICE_TYPES) and kind.endswith("+xml") and not place.casefold().endswith(_PARSED):
        raise MediaUnreadable(
            f"{path} keeps a text in a part with another ending, as made to pass unchecked.",
            "Save it anew from its own program, then try again.",
        )


def _refuse_fetching(values: dict[str, str], path: str) -> None:
    kind = values.get("Type", "").casefold()
    outside = values.get("TargetMode", "").casefold() == "external"
    if outside and kind.endswith(_FETCHING) and _REMOTE.match(values.get("Target", "")):
        raise MediaUnreadable(
            f"{path} completes itself with a file from the network, which is not fetched.",
            "Save it as a PDF, and add that.",
        )


def _office_kind(types: bytes) -> str:
    if b"macroenabled" in types.lower():
        return "an office file with macros"
    if b"wordprocessingml.document.main+xml" in types:
        return "docx"
    if b"presentationml.presentation.main+xml" in types:
        return "pptx"
    if b"spreadsheetml" in types:
        return "a spreadsheet"
    return "an office file with macros or of another kind"


def _other_kind(archive: zipfile.ZipFile, names: set[str]) -> str:
    for member, words in _BY_MEMBER:
        if member in names:
            return words
    if "mimetype" not in names:
        return "a zip file"
    with archive.open("mimetype") as member_file:
        stated = member_file.read(100)
    return next((words for mark, words in _BY_MIMETYPE.items() if stated.startswith(mark)), "a zip file")


def _refuse_bombs(archive: zipfile.ZipFile, path: str, limits: Limits | None) -> None:
    """Sizes as declared: the zip reader stops at them, so a file that lies is merely damaged."""
    members = archive.infolist()
    xml = sum(info.file_size for info in members if info.filename.lower().endswith((".xml", ".rels", ".vml")))
    total = sum(info.file_size for info in members)
    most_members, most_bytes = (
        (_MOST_MEMBERS, _MOST_BYTES) if limits is None else (limits.members, limits.unpacked_bytes)
    )
    if len(members) > most_members or total > most_bytes or xml > _MOST_XML_BYTES:
        raise LimitExceeded(
            f"{path} would unpack to {total // 2**20} MB in {len(members)} parts, more than is read.", _SPLIT
        )
    if limits is None:
        return
    for info in members:
        if info.file_size > _SMALL_BYTES and info.file_size > limits.ratio * max(info.compress_size, 1):
            raise LimitExceeded(
                f"{path} holds a part that unpacks to over {limits.ratio} times its size, as made to fill the memory.",
                "Save it anew from its own program, then try again.",
            )
    _refuse_overlap(members, path)


def _refuse_overlap(members: Iterable[zipfile.ZipInfo], path: str) -> None:
    """Members that share their bytes are how a small file unpacks to a huge one (D. Fifield, "A better zip bomb")."""
    end = 0
    for info in sorted(members, key=lambda member: member.header_offset):
        if info.header_offset < end:
            raise MediaUnreadable(
                f"{path} is a zip file whose parts lie over each other, as made to fill the memory.",
                "Save it anew from its own program, then try again.",
            )
        end = info.header_offset + 30 + len(info.orig_filename.encode("utf-8", "replace")) + info.compress_size

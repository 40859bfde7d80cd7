"""The first look at what a visitor brings: a name that can be shown, and the hash that tells it apart."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path

_LONGEST = 120
_MOST_MARKS = 4  # combining marks on one letter; more only serves to write over other lines
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,10}\Z")
_PARTS = re.compile(r"[/\\]")
_UNNAMED = "Unnamed file"
# Names that Windows keeps for devices: a copy saved there under them could not be opened.
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|\Z)", re.I)
_JOINERS = "\u200c\u200d"  # part letters in Persian and join them in Hindi: they belong to words
_SHOWN_AS = str.maketrans({"<": "(", ">": ")"})


def clean_name(name: str) -> str:
    """A file's name as it is shown and put into messages; it opens nothing.

    Args:
        name: as the visitor's machine sent it, which may be anything at all.

    Returns:
        Its last part without control characters, marks that turn the writing direction, and
        angle brackets; letters of every script stay. At most 120 characters, the ending kept.
    """
    if len(name) > 4 * _LONGEST:  # what lies between is not looked at
        name = name[: 2 * _LONGEST] + name[-2 * _LONGEST :]
    parts = [part for part in map(_letters, _PARTS.split(name)) if part.strip(". ")]
    text = parts[-1].strip(" ").lstrip(".").strip(" ") if parts else ""
    if not text:
        return _UNNAMED
    found = _DEVICES.match(text)
    if found is not None:
        text = f"{found[1]}_{text[found.end() :]}"
    if len(text) <= _LONGEST:
        return text
    ending = _ENDING.search(text)
    kept = ending[0] if ending is not None else ""
    return text[: _LONGEST - 1 - len(kept)].rstrip() + "…" + kept


def hash_file(path: Path) -> str:
    """The sha256 of a file's bytes, in hex.

    Raises: OSError: it cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for piece in iter(lambda: file.read(2**20), b""):
            digest.update(piece)
    return digest.hexdigest()


def _letters(text: str) -> str:
    """The signs of a text that can be seen, blanks as single spaces."""
    kept: list[str] = []
    marks = 0
    for sign in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(sign)
        if sign in _JOINERS and kept and unicodedata.category(kept[-1])[0] in "LM":
            kept.append(sign)
            continue
        if kind == "Cc" or kind[0] == "Z":
            kept.append(" ")
            continue
        if kind[0] == "C":  # direction marks, halves of pairs, private signs
            continue
        marks = marks + 1 if kind[0] == "M" else 0
        if marks <= _MOST_MARKS:
            kept.append(sign)
    return " ".join("".join(kept).translate(_SHOWN_AS).split())

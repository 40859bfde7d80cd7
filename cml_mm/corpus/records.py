"""What one file of a library says, without its text, and the cache that spares reading it again.

A record depends on the file's bytes, its place and the reading code alone, so it is kept
under the hash of all three: a wrong or torn cache can cost time, never truth.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import orjson

from cml_mm.corpus.adoption import NamedAdoption
from cml_mm.corpus.links import Declared
from cml_mm.types import AnyPage, DiagramText, Document, Lighthouse, Pattern, Source, TextSpan

FileKind = Literal["pattern", "lighthouse", "document", "either"]
_KINDS: dict[str, type[Any]] = {"Pattern": Pattern, "Lighthouse": Lighthouse, "Document": Document}


@dataclass(frozen=True)
class Record:
    """One file as read. `page` has no sections; it is None where `problem` says why."""

    path: str  # relative to its library
    sha256: str
    page: AnyPage | None
    links: tuple[Declared, ...] = ()
    repairs: tuple[str, ...] = ()
    problem: str = ""
    adoptions: tuple[NamedAdoption, ...] = ()


class RecordCache:
    """Records by what they were read from.

    Args:
        path: the cache's file; one that cannot be read counts as empty.
        code: names the reading code; records of another are not used.
    """

    def __init__(self, path: Path | None, code: str = "") -> None:
        self._path = path
        self._code = code
        self._lines: dict[str, str] = {}
        self._used: dict[str, str] = {}
        if path is not None:
            self._lines = dict(_lines(path))

    def find(self, kind: FileKind, path: str, sha256: str) -> Record | None:
        """The record of these bytes at this place, if it was kept."""
        key = self._key(kind, path, sha256)
        text = self._lines.get(key)
        if text is None:
            return None
        try:
            record = _decoded(orjson.loads(text))
        except (ValueError, TypeError, KeyError, IndexError):
            return None
        self._used[key] = text
        return record

    def keep(self, kind: FileKind, record: Record) -> None:
        """Remembers a record for `save`."""
        self._used[self._key(kind, record.path, record.sha256)] = _encoded(record)

    def save(self) -> None:
        """Writes the records that were found or kept since the cache was opened; the others are forgotten."""
        if self._path is None or self._used == self._lines:
            return
        beside = self._path.with_suffix(f".{os.getpid()}.part")
        lines = (f"{key}\t{_checksum(text)}\t{text}\n" for key, text in self._used.items())
        # Without a cache the next reading takes longer; whether the place can be written is the index's to say.
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text("".join(lines), encoding="utf-8")
            beside.replace(self._path)
        with suppress(OSError):
            beside.unlink(missing_ok=True)

    def _key(self, kind: FileKind, path: str, sha256: str) -> str:
        return hashlib.sha256(f"{self._code}\n{kind}\n{path}\n{sha256}".encode()).hexdigest()


def _lines(path: Path) -> Iterable[tuple[str, str]]:
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return
    for line in content.split("\n"):
        parts = line.split("\t", 2)
        if len(parts) == 3 and parts[1] == _checksum(parts[2]):
            yield parts[0], parts[2]


def _checksum(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _encoded(record: Record) -> str:
    page = record.page
    value = [
        record.path,
        record.sha256,
        None if page is None else [type(page).__name__, {**_fields(page), "sections": []}],
        [list(_fields(link).values()) for link in record.links],
        record.repairs,
        record.problem,
        [list(_fields(one).values()) for one in record.adoptions],
    ]
    return json.dumps(value, ensure_ascii=False, default=dataclasses.asdict)


def _fields(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}


def _decoded(value: list[Any]) -> Record:
    path, sha256, page, links, repairs, problem, adoptions = value
    return Record(
        path,
        sha256,
        None if page is None else _page(_KINDS[page[0]], page[1]),
        tuple(Declared(*link) for link in links),
        tuple(repairs),
        problem,
        tuple(NamedAdoption(name, of, quote, TextSpan(**span), clear) for name, of, quote, span, clear in adoptions),
    )


def _page(kind: type[Any], fields: Mapping[str, Any]) -> AnyPage:
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
    values["source"] = Source(**fields["source"])
    if "context_labels" in values:
        values["context_labels"] = tuple((persona, name) for persona, name in fields["context_labels"])
        values["diagrams"] = tuple(
            DiagramText(item["language"], item["text"], TextSpan(**item["span"])) for item in fields["diagrams"]
        )
    page: AnyPage = kind(**values)
    return page

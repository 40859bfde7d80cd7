"""One Kuzu file: the only place that knows Kuzu.

Core Cypher only (no full-text, vector, JSON or algorithm extension), so that a change
to a fork of Kuzu stays in this file.
"""

from __future__ import annotations

import os
import re
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import kuzu

from cml_mm.errors import SchemaMismatch, StoreBusy, StoreCorrupt, StoreError, StoreFull, StoreMissing
from cml_mm.graph.statements import check_reading, check_statement

if TYPE_CHECKING:
    import pyarrow as pa

# Address space, not memory; Kuzu's own default reserves 8 TB.
MAX_DB_BYTES = 1 << 34
BUFFER_BYTES = 128 * 1024 * 1024
# Kuzu keeps the table that it appends to in its buffer: 40 MB of text overflow one of 128 MB.
BUILD_BUFFER_BYTES = 1024 * 1024 * 1024
_PREPARED_LIMIT = 64
# Kuzu's file lock holds between processes only: within one, a second opening of a file that
# is being written would damage it. File (device, inode) to number of readers, or _WRITER.
_WRITER = -1
_open_here: dict[tuple[int, int], int] = {}
_guard = threading.RLock()  # re-entrant: the collector may close a database while this is held
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

# What Kuzu raises: RuntimeError, and C++ errors that pybind11 maps to Python's own.
_FOREIGN = (RuntimeError, ValueError, IndexError, OverflowError, MemoryError)

_REBUILD = "Build the index again; the library's files are the source of truth."
_READ_ONLY = "The graph was opened for reading only."
_OPEN_FOR_WRITING = "Open it for writing first."
_FULL = "The disk has no room left for the graph."
_MAKE_ROOM = "Free some space or choose another place for the index, then build it again."
_FAULTS: tuple[tuple[str, type[StoreError], str, str], ...] = (
    (
        "Could not set lock",
        StoreBusy,
        "Another process has the graph open for writing.",
        "Close the other process, or wait until it has finished, and try again.",
    ),
    (
        "Only one write transaction",
        StoreBusy,
        "Somebody else is writing to the graph.",
        "Try again in a moment.",
    ),
    ("No space left", StoreFull, _FULL, _MAKE_ROOM),
    # A write cut short by a full disk, a quota or a limit; Kuzu does not always say which.
    ("Cannot write to file", StoreFull, _FULL, _MAKE_ROOM),
    (
        "Permission denied",
        StoreError,
        "The graph's file may not be read or written by this user.",
        "Change the file's permissions or run as its owner.",
    ),
    (
        "Buffer manager exception",
        StoreError,
        "The graph needs more memory than its buffer has.",
        "Raise graph_buffer_bytes, or write in smaller portions.",
    ),
    ("read-only", StoreError, _READ_ONLY, _OPEN_FOR_WRITING),
    ("different version", SchemaMismatch, "The graph was made by another version of Kuzu.", _REBUILD),
    ("not a valid Kuzu database", StoreCorrupt, "The graph's file is not a Kuzu database.", _REBUILD),
    ("Reading past the end", StoreCorrupt, "The graph's file is cut short.", _REBUILD),
)


class Database:
    """One Kuzu file with one connection, safe to use from several threads.

    Statements of all threads run one after the other; `transaction()` keeps the others
    out until it ends. Open files are closed at the latest when the object is collected.
    """

    def __init__(self, path: Path, buffer_bytes: int, read_only: bool) -> None:
        """Use `create` or `open`, which check what is there first."""
        self.path = path
        self.read_only = read_only
        self._lock = threading.RLock()
        self._prepared: dict[str, kuzu.PreparedStatement] = {}
        with _guard:
            _refuse_second_opening(path, read_only)
            try:
                raw = kuzu.Database(
                    str(path), buffer_pool_size=buffer_bytes, max_db_size=MAX_DB_BYTES, read_only=read_only
                )
                self._connection = kuzu.Connection(raw)
            except _FOREIGN as exc:
                raise _translate(exc, opening=path) from exc
            key = _file_key(path)
            _open_here[key] = _open_here.get(key, 0) + 1 if read_only else _WRITER
            self._finalizer = weakref.finalize(self, _close, self._prepared, self._connection, raw, key)

    @classmethod
    def create(cls, path: Path, buffer_bytes: int) -> Database:
        """Makes a new, empty database and opens it for writing.

        Args:
            path: a file that does not exist yet, in a folder that does.
            buffer_bytes: memory for Kuzu's pages.

        Raises:
            StoreMissing: the folder is not there.
            StoreError: something is at `path` already, or a log of an earlier writer lies beside it.
        """
        if not path.parent.is_dir():
            raise StoreMissing(f"There is no folder {path.parent}.", "Make the folder first.")
        for taken in (path, path.with_name(path.name + ".wal")):
            if os.path.lexists(taken):
                raise StoreError(f"{taken} exists already.", "Remove it or choose another place.")
        return cls(path, buffer_bytes, read_only=False)

    @classmethod
    def open(cls, path: Path, buffer_bytes: int, read_only: bool = True) -> Database:
        """Opens an existing database.

        Args:
            path: the database file.
            buffer_bytes: memory for Kuzu's pages.
            read_only: several processes may read one file; a writer must be alone.

        Raises:
            StoreMissing: nothing is there.
            StoreCorrupt: what is there is empty, a folder or damaged.
            StoreBusy: it is open for writing elsewhere, or here.
            StoreError: it cannot be opened for another reason, which the message names.
        """
        if not path.exists():
            raise StoreMissing(f"There is no graph at {path}.", "Build the index first.")
        # Kuzu takes an empty file for a new database and would answer every query with nothing.
        if not path.is_file() or path.stat().st_size == 0:
            raise StoreCorrupt(f"{path} is not a graph: it is empty or not a file.", _REBUILD)
        return cls(path, buffer_bytes, read_only)

    def execute(self, query: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Runs one statement.

        Args:
            query: core Cypher, one statement; values come in as `$names`.
            parameters: the values.

        Returns: all rows.

        Raises:
            StoreError: the statement was refused or failed.
        """
        with self._result(query, parameters or {}) as result:
            return [tuple(row) for row in result.get_all()]

    def table(self, query: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """As `execute`, as an Arrow table: much faster from some thousand rows on."""
        with self._result(query, parameters or {}) as result:
            return result.get_as_arrow(chunk_size=-1)

    def read(self, query: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Runs one statement from outside, which can only read the graph.

        Args:
            query: core Cypher; no procedures, no files, no writing.
            parameters: the values of its `$names`.

        Returns: all rows, each by column name.

        Raises:
            StoreError: the statement was refused or failed.
        """
        check_reading(query)
        with (
            self._transaction("BEGIN TRANSACTION READ ONLY"),
            self._result(query, parameters or {}) as result,
        ):
            names = result.get_column_names()
            return [dict(zip(names, row, strict=True)) for row in result.get_all()]

    def copy_arrow(self, table_name: str, table: pa.Table) -> None:
        """Appends all rows of an Arrow table, in bulk.

        Args:
            table_name: node or relation table; a relation table takes the two ids first.
            table: columns in the table's order.

        Raises:
            StoreError: a key is there already, an end of a relation is not, or the columns do not fit.
        """
        if not _IDENTIFIER.fullmatch(table_name):
            raise StoreError(f"{table_name!r} is no table name.", "Use letters, digits and underscores.")
        if table.num_rows:
            with self._result(f"COPY {table_name} FROM $rows", {"rows": table}, keep=False):
                pass

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside happens, or none of it. Other threads wait; no nesting.

        Raises:
            StoreError: the database was opened for reading.
        """
        if self.read_only:
            raise StoreError(_READ_ONLY, _OPEN_FOR_WRITING)
        with self._transaction("BEGIN TRANSACTION"):
            yield

    def close(self) -> None:
        """Closes the file, writing what is pending. May be called twice."""
        with self._lock:
            self._finalizer()

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        with self._lock:
            self.execute(begin)
            try:
                yield
                self.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise

    def _roll_back(self) -> None:
        try:
            self._connection.execute("ROLLBACK")
        except RuntimeError as exc:
            # A failed statement has already rolled the transaction back.
            if "No active transaction" not in str(exc):
                raise _translate(exc) from exc

    @contextmanager
    def _result(self, query: str, parameters: Mapping[str, Any], keep: bool = True) -> Iterator[kuzu.QueryResult]:
        check_statement(query, parameters)
        with self._lock:
            if not self._finalizer.alive:
                raise StoreError(f"The graph {self.path} is closed.", "Open it again.")
            try:
                result = self._connection.execute(
                    self._statement(query) if parameters and keep else query, dict(parameters)
                )
            except _FOREIGN as exc:
                raise _translate(exc) from exc
            assert isinstance(result, kuzu.QueryResult)  # a list only for several statements
            try:
                yield result
            finally:
                result.close()

    def _statement(self, query: str) -> kuzu.PreparedStatement | str:
        """The query, prepared once: a look-up by key takes a fifth of the time."""
        statement = self._prepared.get(query)
        if statement is None:
            statement = kuzu.PreparedStatement(self._connection, query, {})
            if not statement.is_success():
                return query  # some can only be prepared with their values; faults are raised there
            if len(self._prepared) >= _PREPARED_LIMIT:
                self._prepared.clear()
            self._prepared[query] = statement
        return statement


def _close(
    prepared: dict[str, kuzu.PreparedStatement],
    connection: kuzu.Connection,
    raw: kuzu.Database,
    key: tuple[int, int],
) -> None:
    prepared.clear()
    with _guard:
        connection.close()
        raw.close()
        readers = _open_here.pop(key, 0) - 1
        if readers > 0:
            _open_here[key] = readers


def _file_key(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def _refuse_second_opening(path: Path, read_only: bool) -> None:
    if not path.exists():
        return
    users = _open_here.get(_file_key(path), 0)
    if users == _WRITER or (users and not read_only):
        raise StoreBusy(f"{path} is open in this process already.", "Close it before opening it again.")


def _translate(exc: BaseException, opening: Path | None = None) -> StoreError:
    """Kuzu's error as ours. While opening, what is not known otherwise means a damaged file."""
    said = str(exc)
    for mark, kind, message, hint in _FAULTS:
        if mark in said:
            return kind(message if opening is None else f"{message} ({opening})", hint)
    first = said.strip().splitlines()[0] if said.strip() else type(exc).__name__
    if opening is not None:
        return StoreCorrupt(f"The graph {opening} cannot be opened: {first}.", _REBUILD)
    return StoreError(f"The graph could not do this: {first}", "Check the query and its values.")

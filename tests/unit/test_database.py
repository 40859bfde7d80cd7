"""The Kuzu adapter: what it refuses, how it names faults, and that it keeps transactions whole."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from cml_mm.errors import StoreBusy, StoreCorrupt, StoreError, StoreFull, StoreMissing
from cml_mm.graph.database import Database

BUFFER_BYTES = 64 * 1024 * 1024
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "graph.kuzu"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    with Database.create(path, BUFFER_BYTES) as made:
        made.execute("CREATE NODE TABLE Thing(id STRING PRIMARY KEY, size INT64)")
        made.execute("CREATE REL TABLE Joins(FROM Thing TO Thing, label STRING)")
        yield made


def things(*ids: str) -> pa.Table:
    return pa.table({"id": list(ids), "size": list(range(len(ids)))})


def all_ids(database: Database) -> list[str]:
    return [row[0] for row in database.execute("MATCH (t:Thing) RETURN t.id ORDER BY t.id")]


def in_another_process(code: str, path: Path) -> subprocess.CompletedProcess[str]:
    program = f"from pathlib import Path\nfrom cml_mm.graph.database import Database\npath = Path({str(path)!r})\n"
    command = [sys.executable, "-c", program + code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


# Opening


def test_a_missing_file_is_missing_and_is_not_made(path: Path) -> None:
    for read_only in (True, False):
        with pytest.raises(StoreMissing):
            Database.open(path, BUFFER_BYTES, read_only)
    assert not path.exists()


def test_an_empty_file_is_corrupt_and_stays_empty(path: Path) -> None:
    path.touch()
    for read_only in (True, False):
        with pytest.raises(StoreCorrupt):
            Database.open(path, BUFFER_BYTES, read_only)
    assert path.stat().st_size == 0


@pytest.mark.parametrize("size", [1, 4096, 100_000])
def test_a_foreign_file_is_corrupt(path: Path, size: int) -> None:
    path.write_bytes(np.random.default_rng(size).bytes(size))
    with pytest.raises(StoreCorrupt) as caught:
        Database.open(path, BUFFER_BYTES)
    assert "again" in caught.value.hint


def test_a_folder_is_corrupt(path: Path) -> None:
    path.mkdir()
    with pytest.raises(StoreCorrupt):
        Database.open(path, BUFFER_BYTES)


def test_a_cut_file_is_corrupt(database: Database, path: Path) -> None:
    database.copy_arrow("Thing", things("a", "b"))
    database.close()
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(StoreCorrupt, match="cut short"):
        Database.open(path, BUFFER_BYTES)


def test_create_refuses_what_exists(database: Database, path: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="exists"):
        Database.create(path, BUFFER_BYTES)
    log_of_another = tmp_path / "other.kuzu.wal"
    log_of_another.touch()
    with pytest.raises(StoreError, match="exists"):
        Database.create(tmp_path / "other.kuzu", BUFFER_BYTES)
    with pytest.raises(StoreMissing, match="folder"):
        Database.create(tmp_path / "absent" / "graph.kuzu", BUFFER_BYTES)


def test_what_was_written_is_there_after_reopening(database: Database, path: Path) -> None:
    database.copy_arrow("Thing", things("a", "b"))
    database.close()
    with Database.open(path, BUFFER_BYTES) as first, Database.open(path, BUFFER_BYTES) as second:
        assert all_ids(first) == all_ids(second) == ["a", "b"]


def test_a_writer_is_alone_in_its_process(database: Database, path: Path) -> None:
    for read_only in (True, False):
        with pytest.raises(StoreBusy):
            Database.open(path, BUFFER_BYTES, read_only)
    database.close()
    with Database.open(path, BUFFER_BYTES), Database.open(path, BUFFER_BYTES) as second:
        with pytest.raises(StoreBusy):
            Database.open(path, BUFFER_BYTES, read_only=False)
        second.close()
        with pytest.raises(StoreBusy):
            Database.open(path, BUFFER_BYTES, read_only=False)
    Database.open(path, BUFFER_BYTES, read_only=False).close()


def test_a_forgotten_database_gives_its_file_back(path: Path) -> None:
    Database.create(path, BUFFER_BYTES)
    Database.open(path, BUFFER_BYTES, read_only=False).close()


def test_a_writer_keeps_other_processes_out(database: Database, path: Path) -> None:
    opened = in_another_process(f"Database.open(path, {BUFFER_BYTES})", path)
    assert opened.returncode == 1
    assert "StoreBusy: Another process has the graph open for writing." in opened.stderr


def test_readers_share_with_other_processes(database: Database, path: Path) -> None:
    database.copy_arrow("Thing", things("a"))
    database.close()
    count = f"print(Database.open(path, {BUFFER_BYTES}).execute('MATCH (t:Thing) RETURN count(*)'))"
    with Database.open(path, BUFFER_BYTES):
        assert in_another_process(count, path).stdout == "[(1,)]\n"


def test_a_full_disk_is_named(path: Path) -> None:
    """A limit on the file's size stands for the disk's: in both a write fails."""
    code = (
        "import resource, signal, pyarrow as pa\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"database = Database.create(path, {BUFFER_BYTES})\n"
        "database.execute('CREATE NODE TABLE Thing(id STRING PRIMARY KEY)')\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "rows = pa.table({'id': [str(i) * 20 for i in range(20_000)]})\n"
        "try:\n    database.copy_arrow('Thing', rows)\n"
        "except Exception as exc:\n    print(type(exc).__name__, flush=True)\n"
        "import os; os._exit(0)\n"
    )
    assert in_another_process(code, path).stdout == f"{StoreFull.__name__}\n"


# Statements


def test_an_unbound_name_is_refused(database: Database) -> None:
    with pytest.raises(StoreError, match=r"\$other, \$size"):
        database.execute("MATCH (t:Thing {id: $id}) WHERE t.size = $size RETURN $other", {"id": "a"})


def test_names_in_quotes_and_comments_are_none(database: Database) -> None:
    query = "RETURN '$a; it\\'s' AS x, \"$b;\" AS `$c;` // $d; \n /* $e; \n $f */ ;"
    assert database.execute(query) == [("$a; it's", "$b;")]


@pytest.mark.parametrize("query", ["RETURN $x; RETURN $x", "RETURN $x;;RETURN 1", "RETURN $x; // a\n RETURN 2"])
def test_two_statements_are_refused(database: Database, query: str) -> None:
    with pytest.raises(StoreError, match="single statement"):
        database.execute(query, {"x": 1})


@pytest.mark.parametrize("query", ["MATCH (t:", "MATCH (t:Nothing) RETURN t", "RETURN 1 +", "", "RETURN $x + 'a'"])
def test_a_wrong_query_is_our_error(database: Database, query: str) -> None:
    with pytest.raises(StoreError) as caught:
        database.execute(query, {"x": "\ud800"} if "$x" in query else {})
    assert caught.value.hint
    assert "\n" not in caught.value.message


def test_a_statement_takes_values_of_several_types(database: Database) -> None:
    for value in (1, "one", [1, 2], None, True, 0.5):
        assert database.execute("RETURN $value", {"value": value}) == [(value,)]


def test_reading_queries_answer_by_name(database: Database) -> None:
    database.copy_arrow("Thing", things("a", "set"))
    query = "OPTIONAL MATCH (t:Thing) WHERE t.id = $id OR t.id = 'CREATE' RETURN t.id AS id, t.size"
    assert database.read(query, {"id": "set"}) == [{"id": "set", "t.size": 1}]


@pytest.mark.parametrize(
    "query",
    [
        "CREATE (:Thing {id: 'x'})",
        "MATCH (t:Thing) SET t.size = 0",
        "MATCH (t:Thing) WHERE t.size=1SET t.size = 0",
        "MATCH (t:Thing) detach delete t",
        "MATCH (t:Thing)/* */DELETE/**/ t",
        "MERGE (:Thing {id: 'x'})",
        "DROP TABLE Thing",
        "COPY (MATCH (t:Thing) RETURN t.*) TO 'out.csv'",
        "EXPORT DATABASE 'out'",
        "LOAD FROM 'in.csv' RETURN *",
        "ATTACH 'other.kuzu' AS other (dbtype kuzu)",
        "INSTALL json",
        "CALL threads=1",
        "CALL show_tables() RETURN *",
        "BEGIN TRANSACTION",
        "EXPLAIN MATCH (t) RETURN t",
        "",
    ],
)
def test_reading_queries_cannot_do_more(database: Database, query: str) -> None:
    database.copy_arrow("Thing", things("a"))
    with pytest.raises(StoreError, match="Only queries that read"):
        database.read(query)
    assert database.execute("MATCH (t:Thing) RETURN t.id, t.size") == [("a", 0)]


def test_a_read_only_database_refuses_writing(database: Database, path: Path) -> None:
    database.close()
    with Database.open(path, BUFFER_BYTES) as reader:
        with pytest.raises(StoreError, match="reading only"):
            reader.execute("CREATE (:Thing {id: 'x'})")
        with pytest.raises(StoreError, match="reading only"):
            reader.copy_arrow("Thing", things("x"))
        assert all_ids(reader) == []


def test_a_closed_database_says_so(database: Database) -> None:
    database.close()
    database.close()
    with pytest.raises(StoreError, match="closed"):
        database.execute("RETURN 1")


# Writing


def test_copy_takes_vectors_and_links(database: Database) -> None:
    database.execute("CREATE NODE TABLE Arrow(id STRING PRIMARY KEY, vector FLOAT[3])")
    numbers = pa.FixedSizeListArray.from_arrays(pa.array(np.arange(6, dtype=np.float32)), 3)
    database.copy_arrow("Arrow", pa.table({"id": ["a", "b"], "vector": numbers}))
    assert database.execute("MATCH (a:Arrow {id: 'b'}) RETURN a.vector") == [([3.0, 4.0, 5.0],)]
    database.copy_arrow("Thing", things("a", "b"))
    database.copy_arrow("Joins", pa.table({"from": ["a"], "to": ["b"], "label": ["x"]}))
    assert database.execute("MATCH (a)-[j:Joins]->(b) RETURN a.id, j.label, b.id") == [("a", "x", "b")]


def test_a_failed_copy_leaves_nothing(database: Database) -> None:
    database.copy_arrow("Thing", things("a"))
    with pytest.raises(StoreError, match="duplicated primary key value a"):
        database.copy_arrow("Thing", things("b", "a"))
    with pytest.raises(StoreError, match="Unable to find primary key value z"):
        database.copy_arrow("Joins", pa.table({"from": ["a"], "to": ["z"], "label": ["x"]}))
    with pytest.raises(StoreError, match="no table name"):
        database.copy_arrow("Thing FROM 'x'; DROP TABLE Thing", things("c"))
    assert all_ids(database) == ["a"]


def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    with pytest.raises(StoreError), database.transaction():
        database.copy_arrow("Thing", things("a"))
        database.execute("MATCH (t:Nothing) RETURN t")
    with pytest.raises(KeyError), database.transaction():
        database.copy_arrow("Thing", things("a"))
        raise KeyError("ours")
    assert all_ids(database) == []
    with database.transaction():
        database.copy_arrow("Thing", things("b"))
    assert all_ids(database) == ["b"]


def test_threads_do_not_enter_a_transaction(database: Database) -> None:
    seen: list[list[str]] = []
    reader = threading.Thread(target=lambda: seen.append(all_ids(database)))
    with pytest.raises(KeyError), database.transaction():
        database.copy_arrow("Thing", things("a"))
        reader.start()
        reader.join(0.2)
        assert reader.is_alive(), "it waits for the end of the transaction"
        raise KeyError("ours")
    reader.join(10)
    assert seen == [[]]


def test_many_threads_get_their_own_answers(database: Database) -> None:
    database.copy_arrow("Thing", things(*[f"t{i:03d}" for i in range(200)]))
    wrong: list[int] = []

    def ask(first: int) -> None:
        for i in range(first, 200, 8):
            rows = database.execute("MATCH (t:Thing {id: $id}) RETURN t.size", {"id": f"t{i:03d}"})
            if rows != [(i,)]:
                wrong.append(i)

    threads = [threading.Thread(target=ask, args=(first,)) for first in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert wrong == []


def test_too_small_a_buffer_is_named(tmp_path: Path) -> None:
    with Database.create(tmp_path / "small.kuzu", 16 * 1024 * 1024) as small:
        small.execute("CREATE NODE TABLE Arrow(id STRING PRIMARY KEY, vector FLOAT[384])")
        numbers = pa.array(np.zeros(20_000 * 384, dtype=np.float32))
        ids = pa.array([str(i) for i in range(20_000)])
        rows = pa.table({"id": ids, "vector": pa.FixedSizeListArray.from_arrays(numbers, 384)})
        with pytest.raises(StoreError, match="more memory"):
            small.copy_arrow("Arrow", rows)
        assert small.execute("MATCH (a:Arrow) RETURN count(*)") == [(0,)]

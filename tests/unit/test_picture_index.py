"""Pictures by their looks: what is found, what is refused, and how they are kept and sent."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cml_mm.errors import SchemaMismatch
from cml_mm.media.file_wire import WireFault, decode_looks, encode_looks, to_json
from cml_mm.media.sandbox import SandboxedReader
from cml_mm.ports import Picture, Vectors
from cml_mm.record import Record
from cml_mm.retrieval.picture_index import OTHERS, PictureIndex
from cml_mm.visits import PictureLooks, StoredFile
from tests.support.made_files import picture
from tests.support.pdf import flow, write_pdf
from tests.support.record_values import ANNA, BERT, DAY, Clock, arrived, keep, stored_file

WORDS = ("red", "green", "blue")


class Colours:
    """An image encoder for three colours: how much of each a picture has, or a text names."""

    name = "colours/1"
    dimension = 4

    def encode_pictures(self, pictures: Sequence[Picture]) -> Vectors:
        return unit([[*one.mean(axis=(0, 1)), 1.0] for one in pictures])

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        return unit([[*(float(word in text) for word in WORDS), 0.2] for text in texts])


def unit(rows: object) -> Vectors:
    found = np.asarray(rows, dtype=np.float32)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), dtype=np.float32)


def plain(*colour: int) -> Picture:
    return np.full((6, 4, 3), colour, np.uint8)


def looked(number: int, **pictures: Picture) -> StoredFile:
    faces = tuple(name.replace("_", "-") for name in pictures)
    vectors = Colours().encode_pictures(tuple(pictures.values()))
    return replace(stored_file(number), looks=PictureLooks(Colours.name, faces, vectors))


@pytest.fixture
def files() -> tuple[StoredFile, ...]:
    return (
        looked(1, page_1=plain(200, 0, 0), page_2=plain(0, 200, 0)),
        looked(2, picture_1=plain(0, 0, 200)),
        replace(stored_file(3), looks=PictureLooks(Colours.name, (), np.zeros((0, 4), np.float32))),
        stored_file(4),
    )


def test_words_find_the_picture_that_looks_so(files: tuple[StoredFile, ...]) -> None:
    index = PictureIndex.build(files, Colours())
    assert len(index) == 3
    best = index.of_text("something green")
    assert (best[0].file, best[0].face) == (files[0].card.id, "page-2")
    assert best[0].sure > 0.5 > best[1].sure
    assert len(best) == 3
    assert len(index.of_text("something green", 1)) == 1
    assert index.of_text(" ") == ()


def test_only_the_files_that_are_asked_take_part(files: tuple[StoredFile, ...]) -> None:
    index = PictureIndex.build(files, Colours())
    found = index.of_text("something green", 3, frozenset({files[1].card.id}))
    assert [one.face for one in found] == ["picture-1"]
    assert found[0].sure < 0.5


def test_what_no_picture_shows_is_not_sure(files: tuple[StoredFile, ...]) -> None:
    index = PictureIndex.build(files, Colours())
    assert all(one.sure <= 0.5 for one in index.of_text("a bicycle"))


def test_a_thing_among_the_others_does_not_stand_against_itself() -> None:
    index = PictureIndex.build([looked(1, page_1=plain(9, 9, 9))], Colours())
    (asked,) = index.of_text("a map", 1)
    (other,) = index.of_text("a bicycle", 1)
    assert asked.sure == pytest.approx(1 / len(OTHERS))
    assert other.sure == pytest.approx(1 / (len(OTHERS) + 1))


def test_a_picture_finds_those_like_it_and_not_itself(files: tuple[StoredFile, ...]) -> None:
    index = PictureIndex.build(files, Colours())
    itself = (files[0].card.id, "page-1")
    vector = index.vector(*itself)
    assert vector is not None
    assert index.like(vector, 1)[0].face == "page-1"
    assert {one.face for one in index.like(vector, 5, but=itself)} == {"page-2", "picture-1"}
    assert index.vector("file-none", "page-1") is None


def test_an_index_of_nothing_finds_nothing() -> None:
    index = PictureIndex.build([], Colours())
    assert index.of_text("red") == ()
    assert index.like(unit([[1, 0, 0, 0]])[0]) == ()


@pytest.mark.parametrize(
    "looks",
    [
        PictureLooks("other/2", ("page-1",), np.ones((1, 4), np.float32)),
        PictureLooks(Colours.name, ("page-1",), np.ones((1, 5), np.float32)),
        PictureLooks(Colours.name, ("page-1", "page-2"), np.ones((1, 4), np.float32)),
    ],
)
def test_vectors_of_another_model_are_refused_with_the_cure(looks: PictureLooks) -> None:
    with pytest.raises(SchemaMismatch) as caught:
        PictureIndex.build([replace(stored_file(1), looks=looks)], Colours())
    assert caught.value.hint == "Delete the file and add it again."


# --- kept ----------------------------------------------------------------------------------------


def test_looks_are_kept_with_the_file_and_replaced(tmp_path: Path) -> None:
    record = Record(tmp_path / "data", DAY, DAY, clock=Clock())
    try:
        file = looked(1, page_1=plain(1, 2, 3))
        record.files.keep(ANNA, file, arrived(record.inbox, 1))
        (back,) = record.files.load(ANNA)
        assert back.looks is not None and file.looks is not None
        assert (back.looks.encoder, back.looks.faces) == (Colours.name, ("page-1",))
        np.testing.assert_array_equal(back.looks.vectors, file.looks.vectors)
        record.files.keep_looks(ANNA, file.card.id, PictureLooks("other/2", (), np.zeros((0, 7), np.float32)))
        record.files.keep_looks(BERT, file.card.id, PictureLooks("evil/3", (), np.zeros((0, 7), np.float32)))
        (anew,) = record.files.load(ANNA)
        assert anew.looks is not None
        assert (anew.looks.encoder, anew.looks.vectors.shape) == ("other/2", (0, 7))
    finally:
        record.close()


def test_a_record_from_before_there_were_looks_is_opened(tmp_path: Path) -> None:
    record = Record(tmp_path / "data", DAY, DAY, clock=Clock())
    keep(record, ANNA, 1)
    record.close()
    with sqlite3.connect(tmp_path / "data" / "record.sqlite") as connection:
        for later in ("looks", "revision", "corrections"):
            connection.execute(f"ALTER TABLE files DROP COLUMN {later}")
        connection.execute("DROP TABLE unfinished")
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    again = Record(tmp_path / "data", DAY, DAY, clock=Clock())
    try:
        (back,) = again.files.load(ANNA)
        assert back.looks is None
    finally:
        again.close()


# --- sent from the process that draws --------------------------------------------------------------


def test_bare_pixels_come_back_and_nothing_else_does() -> None:
    sent = (("page-1", plain(1, 2, 3)), ("page-2", plain(4, 5, 6)))
    back = decode_looks(encode_looks(sent), ("page-1", "page-2"), 6)
    assert [face for face, _ in back] == ["page-1", "page-2"]
    np.testing.assert_array_equal(back[1][1], sent[1][1])
    data = encode_looks(sent)
    for faces, longest in ((("page-1",), 6), (("page-1", "page-2"), 5)):
        with pytest.raises(WireFault):
            decode_looks(data, faces, longest)
    for spoiled in (data[:-1], data + b"x", encode_looks((sent[0], sent[0])), b"", b"\0\0\0\2{}"):
        with pytest.raises(WireFault):
            decode_looks(spoiled, ("page-1", "page-2"), 6)


@pytest.mark.parametrize(
    "row", [["page-1", -1, 4], ["page-1", 0, 4], ["page-1", 1e9, 4], ["page-1", "6", 4], [7, 6, 4]]
)
def test_sizes_that_are_none_are_refused(row: list[object]) -> None:
    head = to_json([row])
    with pytest.raises(WireFault):
        decode_looks(struct.pack(">I", len(head)) + head + bytes(72), ("page-1",), 6)


def test_pages_and_pictures_are_drawn_in_a_process_of_their_own(tmp_path: Path) -> None:
    reader = SandboxedReader()
    (tmp_path / "a").write_bytes(write_pdf([flow("Keys and rota."), flow("The shed.")]))
    pages = reader.look(tmp_path / "a", "a.pdf", ("page-2", "page-1", "page-9"), 120, lambda *_: None, lambda: False)
    assert pages is not None
    assert [(face, max(shown.shape)) for face, shown in pages] == [("page-2", 120), ("page-1", 120)]
    (tmp_path / "b").write_bytes(picture("PNG", 128, 96))
    (shown,) = reader.look(tmp_path / "b", "b.png", ("picture-1",), 64, lambda *_: None, lambda: False) or ()
    assert shown[0] == "picture-1" and max(shown[1].shape) == 64
    assert reader.look(tmp_path / "b", "b.png", ("picture-1",), 64, lambda *_: None, lambda: True) is None

"""Values come back from the record exactly as they were, whatever they hold; anything else is refused."""

from __future__ import annotations

import json
import math
import random
import traceback
import types
import zlib
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np
import pytest

from cml_mm.errors import StoreCorrupt
from cml_mm.lectures.values import Lecture, Slide
from cml_mm.record.codec import decode, decode_arrays, encode, encode_arrays
from cml_mm.talk import Facet
from cml_mm.types import Answer, Document, Evidence, Locator, Sentence
from cml_mm.visits import Chunk, FileCard, KeptTalk, PictureFeatures, ReadFile, Sight

TEXTS = ("", "plain", "“Rëgeln” – § 3 מזה 🏛", "\x00\x1f\u2028", "a\ud800b", '{"is": "Page"}', "line\r\nline\t\\")
NUMBERS = (0.0, -0.0, 1.0, 0.1 + 0.2, 1e-320, -1.7e308, math.inf)


def made(kind: Any, chance: random.Random) -> Any:
    """Any value of a type, made from its hints alone."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Literal:
        return chance.choice(parts)
    if origin in (Union, types.UnionType):
        return made(chance.choice(parts), chance)
    if kind == tuple[PictureFeatures, ...]:  # kept beside, as arrays
        return ()
    if origin is tuple and parts[-1] is Ellipsis:
        return tuple(made(parts[0], chance) for _ in range(chance.randrange(4)))
    if origin is tuple:
        return tuple(made(part, chance) for part in parts)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{part.name: made(hints[part.name], chance) for part in fields(kind)})
    simple = {
        str: lambda: chance.choice(TEXTS),
        int: lambda: chance.choice((0, -1, 2**62)),
        float: lambda: chance.choice(NUMBERS),
        bool: lambda: chance.random() < 0.5,
        type(None): lambda: None,
    }
    return simple[kind]()


@pytest.mark.parametrize("kind", [Answer, KeptTalk, ReadFile, FileCard, Document, tuple[Chunk, ...], tuple[Sight, ...]])
def test_whatever_is_kept_comes_back_as_it_was(kind: Any) -> None:
    for seed in range(60):
        value = made(kind, random.Random(seed))
        back = decode(kind, encode(kind, value))
        assert back == value
        assert repr(back) == repr(value)  # no float became an int, no tuple a list, no -0.0 a 0.0


@pytest.mark.parametrize("kind", get_args(Locator))
def test_every_kind_of_place_is_told_apart(kind: type) -> None:
    for seed in range(20):
        chance = random.Random(seed)
        evidence = made(Evidence, chance)
        held = Evidence(
            **{**{f.name: getattr(evidence, f.name) for f in fields(evidence)}, "locator": made(kind, chance)}
        )
        back = decode(Evidence, encode(Evidence, held))
        assert type(back.locator) is kind
        assert back == held


def test_numbers_of_numpy_are_kept_as_numbers() -> None:
    card = FileCard("file-1", "a.pdf", "ready", pages=np.int64(3), share=np.float32(0.5))
    assert decode(FileCard, encode(FileCard, card)) == FileCard("file-1", "a.pdf", "ready", pages=3, share=0.5)


@dataclass(frozen=True)
class Earlier:
    """As an earlier version had it."""

    text: str
    cites: tuple[int, ...]
    verdict: str


@dataclass(frozen=True)
class Later:
    """As a later version may have it."""

    kind: str
    value: str
    label: str
    origin: str
    words: str
    since: tuple[float, ...]


def test_fields_of_other_versions_do_no_harm() -> None:
    assert decode(Sentence, encode(Earlier, Earlier("Yes.", (1,), "partly"))) == Sentence("Yes.", (1,), "partly")
    later = Later("stage", "scale", "Scale", "chosen", "grow", (1.0,))
    assert decode(Facet, encode(Later, later)) == Facet("stage", "scale", "Scale", "chosen", "grow")


@pytest.mark.parametrize("value", [FileCard("file-1", "talk.mp4", "ready"), Lecture(90.0, (Slide(1, 0.0, 9.0, 4.0),))])
def test_files_that_were_kept_before_decks_were_known_have_none(value: FileCard | Lecture) -> None:
    plain = json.loads(zlib.decompress(encode(type(value), value)))
    del plain["deck"]
    assert decode(type(value), _packed(plain)) == value


def _packed(plain: object) -> bytes:
    return zlib.compress(json.dumps(plain).encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nothing compressed",
        encode(Sentence, Sentence("Yes.", (1,), "partly"))[:-6],
        _packed(None),
        _packed([]),
        _packed({"text": "Yes."}),  # fields are missing
        _packed({"text": 3, "cites": [1], "verdict": "partly"}),
        _packed({"text": "Yes.", "cites": [1.5], "verdict": "partly"}),
        _packed({"text": "Yes.", "cites": [True], "verdict": "partly"}),
        _packed({"text": "Yes.", "cites": 1, "verdict": "partly"}),
        _packed({"text": "Yes.", "cites": [1], "verdict": "surely"}),
        _packed({"text": "Yes.", "cites": [1], "verdict": ["partly"]}),
        zlib.compress(b"[" * 100_000),
    ],
)
def test_what_is_no_such_value_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(StoreCorrupt, match="cannot be read any more"):
        decode(Sentence, data)


@pytest.mark.parametrize("plain", ["Ledger", ["Ledger"], {"Ledger": 1}])
@pytest.mark.parametrize("field", ["text", "cites", "verdict", "paragraph"])
def test_an_error_that_is_logged_holds_nothing_of_what_was_kept(field: str, plain: object) -> None:
    with pytest.raises(StoreCorrupt) as caught:
        decode(Sentence, _packed({"text": "Yes.", "cites": [1], "verdict": "partly", field: [[plain]]}))
    logged = "".join(traceback.format_exception(caught.value))
    assert "Ledger" not in logged


def test_a_place_of_an_unknown_kind_is_refused() -> None:
    evidence = made(Evidence, random.Random(1))
    plain = json.loads(zlib.decompress(encode(Evidence, evidence)))
    plain["locator"]["is"] = "Hologram"
    with pytest.raises(StoreCorrupt):
        decode(Evidence, _packed(plain))


def test_arrays_come_back_with_type_and_shape() -> None:
    arrays = [
        np.arange(6, dtype=np.float32).reshape(2, 3),
        np.zeros((0, 384), dtype=np.float32),
        np.full((2, 32), 255, dtype=np.uint8),
    ]
    back = decode_arrays(encode_arrays(arrays))
    assert [(array.dtype, array.shape) for array in back] == [(array.dtype, array.shape) for array in arrays]
    assert all((one == other).all() for one, other in zip(back, arrays, strict=True))
    assert decode_arrays(encode_arrays([])) == ()


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: data + b"x", lambda data: b"y" + data])
def test_damaged_arrays_are_refused(damage: Any) -> None:
    with pytest.raises(StoreCorrupt):
        decode_arrays(damage(encode_arrays([np.ones((2, 3), dtype=np.float32)])))


def test_nothing_that_runs_code_is_written_or_read(tmp_path: Any) -> None:
    with pytest.raises(ValueError, match="Object arrays"):
        encode_arrays([np.array([{}], dtype=object)])
    path = tmp_path / "pickled.npy"
    np.save(path, np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(StoreCorrupt):
        decode_arrays(path.read_bytes())


def test_arrays_are_never_lost_inside_a_value() -> None:
    features = PictureFeatures("page-1", np.zeros((1, 2), np.float32), np.zeros((1, 32), np.uint8))
    with pytest.raises(TypeError, match="beside"):
        encode(PictureFeatures, features)

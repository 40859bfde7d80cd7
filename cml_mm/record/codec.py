"""Frozen values to bytes and back, exactly: what the record keeps of files and conversations.

JSON, shaped by the type hints of the values and compressed; nothing in it can be executed. A
value that may be of several classes carries its class's name. Fields that this version does
not know are passed over, fields that are missing get their defaults; anything else that does
not fit is StoreCorrupt, and its words stay out of the error, which is logged. Arrays are kept
beside, in NumPy's own format without pickle.
"""

from __future__ import annotations

import io
import json
import types
import zlib
from collections.abc import Callable, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from cml_mm.errors import StoreCorrupt

T = TypeVar("T")
_CLASS = "is"  # the key under which a value says which class it is of
_FASTEST = 1  # zlib's level; JSON shrinks to a fifth with it


@dataclass(frozen=True)
class _Shape:
    """How values of one type become JSON and come back."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def encode(kind: type[T], value: T) -> bytes:
    """A value as compressed JSON.

    Args:
        kind: its type, such as `Answer` or `tuple[Chunk, ...]`.
    """
    hint: Any = kind
    plain = _shape(hint).write(value)
    return zlib.compress(json.dumps(plain, separators=(",", ":")).encode("ascii"), _FASTEST)


def decode(kind: type[T], data: bytes) -> T:
    """The value that `encode` was given.

    Raises:
        StoreCorrupt: these bytes hold no such value.
    """
    hint: Any = kind
    try:
        value: T = _shape(hint).read(json.loads(zlib.decompress(data)))
    except (ValueError, TypeError, KeyError, zlib.error, RecursionError) as exc:
        raise _unreadable() from exc
    return value


def encode_arrays(arrays: Sequence[NDArray[Any]]) -> bytes:
    """Arrays one after the other, each with its type and shape."""
    stream = io.BytesIO()
    for array in arrays:
        np.save(stream, array, allow_pickle=False)
    return stream.getvalue()


def decode_arrays(data: bytes) -> tuple[NDArray[Any], ...]:
    """The arrays that `encode_arrays` was given.

    Raises:
        StoreCorrupt: these bytes hold no arrays.
    """
    stream = io.BytesIO(data)
    found: list[NDArray[Any]] = []
    try:
        while stream.tell() < len(data):
            found.append(np.load(stream, allow_pickle=False))
    except (ValueError, OSError, EOFError) as exc:
        raise _unreadable() from exc
    return tuple(found)


def _unreadable() -> StoreCorrupt:
    return StoreCorrupt(
        "Something that was kept here cannot be read any more.", "Delete it, and add or ask it once more."
    )


@cache
def _shape(kind: Any) -> _Shape:
    origin = get_origin(kind)
    if kind in (str, bool, type(None)):
        return _Shape(_same, _checked(kind))
    if kind is int:
        return _Shape(int, _checked(int))
    if kind is float:
        return _Shape(float, _checked(float))
    if origin is Literal:
        return _Shape(_same, _one_of(get_args(kind)))
    if origin is tuple:
        return _tuple_shape(get_args(kind))
    if origin in (Union, types.UnionType):
        return _union_shape(get_args(kind))
    if is_dataclass(kind) and isinstance(kind, type):
        return _class_shape(kind)
    raise TypeError(f"{kind} is not kept as JSON")


def _same(value: Any) -> Any:
    return value


def _checked(kind: type) -> Callable[[Any], Any]:
    def read(plain: Any) -> Any:
        if type(plain) is not kind:
            raise TypeError(f"a {type(plain).__name__} is no {kind.__name__}")
        return plain

    return read


def _one_of(choices: tuple[Any, ...]) -> Callable[[Any], Any]:
    def read(plain: Any) -> Any:
        if plain not in choices:
            raise ValueError(f"a value that is none of {choices}")
        return plain

    return read


def _tuple_shape(parts: tuple[Any, ...]) -> _Shape:
    if len(parts) == 2 and parts[1] is Ellipsis:
        each = _shape(parts[0])
        write, read = each.write, each.read
        return _Shape(
            lambda value: [write(part) for part in value], lambda plain: tuple(read(part) for part in _list(plain))
        )
    shapes = [_shape(part) for part in parts]
    return _Shape(
        lambda value: [shape.write(part) for shape, part in zip(shapes, value, strict=True)],
        lambda plain: tuple(shape.read(part) for shape, part in zip(shapes, _list(plain), strict=True)),
    )


def _list(plain: Any) -> list[Any]:
    if not isinstance(plain, list):
        raise TypeError(f"a {type(plain).__name__} is no list")
    return plain


def _union_shape(parts: tuple[Any, ...]) -> _Shape:
    """One of several classes, told apart by name; or nothing, where None is among them."""
    optional = type(None) in parts
    kinds = [part for part in parts if part is not type(None)]
    if optional and kinds in ([float], [int], [str], [bool]):
        return _or_nothing(_shape(kinds[0]))
    named = {part.__name__: _shape(part) for part in kinds}

    def write(value: Any) -> Any:
        if value is None and optional:
            return None
        name = type(value).__name__
        return {_CLASS: name, **named[name].write(value)}

    def read(plain: Any) -> Any:
        return None if plain is None and optional else named[plain[_CLASS]].read(plain)

    return _Shape(write, read)


def _or_nothing(shape: _Shape) -> _Shape:
    """A plain value, or none."""
    return _Shape(
        lambda value: None if value is None else shape.write(value),
        lambda plain: None if plain is None else shape.read(plain),
    )


def _class_shape(kind: type) -> _Shape:
    hints = get_type_hints(kind)
    # Arrays are kept beside: a class that holds one is only written where there is none of it.
    slots = [(part.name, _shape_or_none(hints[part.name]), _required(part)) for part in fields(kind)]

    def write(value: Any) -> Any:
        return {name: shape.write(getattr(value, name)) for name, shape, _ in slots}

    def read(plain: Any) -> Any:
        given = {}
        for name, shape, required in slots:
            if name in plain:
                given[name] = shape.read(plain[name])
            elif required:
                raise KeyError(name)
        return kind(**given)

    return _Shape(write, read)


def _shape_or_none(kind: Any) -> _Shape:
    if get_origin(kind) is not np.ndarray:
        return _shape(kind)

    def refuse(value: Any) -> Any:
        raise TypeError("arrays are kept beside, by encode_arrays")

    return _Shape(refuse, refuse)


def _required(part: Any) -> bool:
    return part.default is MISSING and part.default_factory is MISSING

"""Graphics cards that a Hugging Face Space is lent by the question ("ZeroGPU").

There a function that needs the card is marked by `spaces.GPU`, before the app is served. It runs in
a process forked off for it: what it is given and what it yields is pickled, what was loaded before
is there, and closing its iterator ends it at the next piece. Elsewhere the mark does nothing.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")


def with_lent_gpu(task: Callable[_P, Iterator[_T]], seconds: float) -> Callable[_P, Iterator[_T]]:
    """Marks a generator function as one that needs the card.

    Args:
        seconds: the longest that it may hold the card.

    Returns: the function itself where the package `spaces` is not installed.
    """
    if importlib.util.find_spec("spaces") is None:
        return task
    import spaces  # type: ignore[import-not-found,unused-ignore]

    marked: Callable[_P, Iterator[_T]] = spaces.GPU(duration=int(seconds))(task)
    return marked

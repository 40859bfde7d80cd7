"""XML before a parser builds a tree of it: no entities, nothing from outside, no endless nesting."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NoReturn
from xml.parsers import expat

from cml_mm.errors import LimitExceeded, MediaUnreadable

OnElement = Callable[[str, dict[str, str]], None]

_ANEW = "Save it anew from its own program, or as a PDF, then add that."


def check_xml(pieces: Iterable[bytes], path: str, depth: int, on_element: OnElement | None = None) -> None:
    """Go through XML once, building nothing.

    Args:
        pieces: the bytes, in order.
        path: the file's name, for messages.
        depth: how many elements may stand inside each other.
        on_element: sees every element's name and attributes as it begins, and may raise.

    Raises:
        MediaUnreadable: it declares entities or refers to a definition outside.
        LimitExceeded: it is nested deeper.
        expat.ExpatError: it is no XML.
    """
    parser = expat.ParserCreate()
    check = _Check(path, depth, on_element)
    parser.StartDoctypeDeclHandler = check.doctype
    parser.EntityDeclHandler = check.entity
    parser.StartElementHandler = check.start
    parser.EndElementHandler = check.end
    # Never called, since nothing reads beyond the text; it says so should that change.
    parser.ExternalEntityRefHandler = check.outside
    for piece in pieces:
        parser.Parse(piece, False)
    parser.Parse(b"", True)


@dataclass
class _Check:
    """Where the parser is, and what it may not meet."""

    path: str
    depth: int
    on_element: OnElement | None
    level: int = 0

    def doctype(self, name: str, system: str | None, public: str | None, internal: int) -> None:
        # Programs that draw begin an SVG with the W3C's public definition; it is never fetched, so it may stand.
        if internal:
            self.entity()
        if system is not None and not (public or "").startswith("-//W3C//DTD"):
            self.outside()

    def entity(self, *_: Any) -> NoReturn:
        raise MediaUnreadable(f"{self.path} declares entities or rules of its own (XML), which are not read.", _ANEW)

    def outside(self, *_: Any) -> NoReturn:
        raise MediaUnreadable(f"{self.path} refers to another file (XML), which is not fetched.", _ANEW)

    def start(self, name: str, values: dict[str, str]) -> None:
        self.level += 1
        if self.level > self.depth:
            raise LimitExceeded(
                f"{self.path} is nested more than {self.depth} levels deep (XML).", "Flatten it, or save it as a PDF."
            )
        if self.on_element is not None:
            self.on_element(name, values)

    def end(self, name: str) -> None:
        self.level -= 1

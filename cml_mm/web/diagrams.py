"""Diagrams in a visitor's files over HTTP: corrected by hand, and taken along in other forms.

As with files, the cookie says whose a diagram is, and another's is answered as one that does not exist.
What a browser sends is checked here for its shape; whether a correction makes sense, the desk knows.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Union

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cml_mm.diagrams import export
from cml_mm.diagrams.values import (
    AddEdge,
    AddNode,
    Confirm,
    Delete,
    Diagram,
    DiagramEdit,
    Heads,
    NodeShape,
    Rename,
    Reverse,
    SetHeads,
)
from cml_mm.errors import CmlError, InputError, StoreFull
from cml_mm.ports import FileDesk
from cml_mm.types import Box
from cml_mm.visits import ReadFile
from cml_mm.web.handouts import disposition
from cml_mm.web.trouble import NO_STORE, Trouble, error_response, trouble_of
from cml_mm.web.visitor import visitor_of

MOST_EDITS = 50  # in one request
LONGEST_LABEL = 300  # characters
LONGEST_ID = 2_000  # characters, as ids in files may be long
LONGEST_BODY = 200_000  # bytes

NO_DIAGRAM = Trouble(
    "There is no such diagram.", "Its file may have been deleted, or its time is over. Bring it again."
)
NOT_READ = Trouble(
    "These changes could not be understood, so nothing was changed.", "Open the diagram again, and make them once more."
)
TOO_MANY = Trouble(f"These are more than {MOST_EDITS} changes at a time.", "Save some of them first.")
TOO_LONG = Trouble(f"Words in a diagram have up to {LONGEST_LABEL} characters.", "Shorten them, and save again.")
TOO_LARGE = Trouble("These changes are too large to take.", "Save some of them first.")

# kind in the address → the words, their type, the ending of the file
_FORMS: Mapping[str, tuple[Callable[[Diagram], str], str, str]] = {
    "mermaid": (export.to_mermaid, "text/plain", "mmd"),
    "dot": (export.to_dot, "text/plain", "dot"),
    "json": (export.to_json, "application/json", "json"),
    "svg": (export.to_svg, "image/svg+xml", "svg"),
}
_STILL = "default-src 'none'; style-src 'unsafe-inline'; sandbox"  # an SVG that is opened runs nothing

_Id = Annotated[str, Field(min_length=1, max_length=LONGEST_ID)]
_Label = Annotated[str, Field(max_length=LONGEST_LABEL)]
_Desk = Callable[[], Awaitable[Union[FileDesk, Response]]]


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Place(_Given):
    """A rectangle in a measure in which the whole diagram is `of_w` by `of_h`."""

    x: FiniteFloat
    y: FiniteFloat
    w: FiniteFloat = Field(gt=0)
    h: FiniteFloat = Field(gt=0)
    of_w: FiniteFloat = Field(gt=0)
    of_h: FiniteFloat = Field(gt=0)


class _Rename(_Given):
    kind: Literal["rename"]
    part: _Id
    label: _Label

    def edit(self) -> DiagramEdit:
        return Rename(self.part, self.label)


class _AddNode(_Given):
    kind: Literal["add-node"]
    label: _Label
    box: _Place
    shape: NodeShape = "box"

    def edit(self) -> DiagramEdit:
        box = self.box
        return AddNode(self.label, Box(box.x, box.y, box.w, box.h, box.of_w, box.of_h), self.shape)


class _AddEdge(_Given):
    kind: Literal["add-edge"]
    source: _Id
    target: _Id
    label: _Label = ""
    heads: Heads = "target"

    def edit(self) -> DiagramEdit:
        return AddEdge(self.source, self.target, self.label, self.heads)


class _Delete(_Given):
    kind: Literal["delete"]
    part: _Id

    def edit(self) -> DiagramEdit:
        return Delete(self.part)


class _Reverse(_Given):
    kind: Literal["reverse"]
    edge: _Id

    def edit(self) -> DiagramEdit:
        return Reverse(self.edge)


class _SetHeads(_Given):
    kind: Literal["set-heads"]
    edge: _Id
    heads: Heads

    def edit(self) -> DiagramEdit:
        return SetHeads(self.edge, self.heads)


class _Confirm(_Given):
    kind: Literal["confirm"]
    part: _Id

    def edit(self) -> DiagramEdit:
        return Confirm(self.part)


_Edit = Annotated[
    Union[_Rename, _AddNode, _AddEdge, _Delete, _Reverse, _SetHeads, _Confirm], Field(discriminator="kind")
]


class _Edits(_Given):
    edits: list[_Edit] = Field(min_length=1, max_length=MOST_EDITS)


@dataclass(frozen=True)
class DiagramRoutes:
    """The routes. `desk` gives a visitor's files, or the answer where there are none now."""

    desk: _Desk

    def routes(self) -> list[Route]:
        place = "/files/{file}/diagrams/{diagram}"
        return [
            Route(f"{place}/edits", self.correct, methods=["POST"]),
            Route(f"{place}/undo", self.undo, methods=["POST"]),
            Route(f"{place}/{{kind}}", self.give, methods=["GET"]),
        ]

    async def correct(self, request: Request) -> Response:
        """Makes all the changes of the body, or none: `{"edits": [{"kind": "rename", "part": …, "label": …}]}`."""
        body = await small_body(request)
        if body is None:
            return error_response(413, TOO_LARGE, close=True)
        try:
            edits = tuple(given.edit() for given in _Edits.model_validate_json(body).edits)
        except ValidationError as error:
            return error_response(400, _why(error))
        return await self._changed(request, lambda desk, who, file, at: desk.correct(who, file, at, edits))

    async def undo(self, request: Request) -> Response:
        """Takes the last change back."""
        return await self._changed(request, lambda desk, who, file, at: desk.uncorrect(who, file, at))

    async def give(self, request: Request) -> Response:
        """The diagram as it now stands, as a file to keep."""
        form = _FORMS.get(str(request.path_params["kind"]))
        found = await self._found(request) if form else None
        if form is None or found is None:
            return error_response(404, NO_DIAGRAM)
        if isinstance(found, Response):
            return found
        written, media_type, ending = form
        diagram, name = found
        try:
            content = await run_in_threadpool(written, diagram)
        except Exception as error:  # the visitor gets words, the log the details
            return error_response(500, trouble_of(error, "Writing a diagram out"))
        headers = {
            **NO_STORE,
            "content-disposition": disposition(name, ending),
            "content-security-policy": _STILL,
            "x-content-type-options": "nosniff",
        }
        return Response(content, media_type=f"{media_type}; charset=utf-8", headers=headers)

    async def _changed(self, request: Request, change: Callable[[FileDesk, str, str, int], ReadFile]) -> Response:
        found = await self._found(request)
        if found is None:
            return error_response(404, NO_DIAGRAM)
        desk = found if isinstance(found, Response) else await self.desk()
        if isinstance(desk, Response):
            return desk
        at = _number(request)
        try:
            read = await run_in_threadpool(change, desk, visitor_of(request), str(request.path_params["file"]), at)
        except InputError as error:
            return error_response(400, trouble_of(error, "Correcting a diagram"))
        except Exception as error:  # as above
            status = 507 if isinstance(error, StoreFull) else 500
            return error_response(status, trouble_of(error, "Correcting a diagram"))
        return JSONResponse({"corrections": read.diagrams[at].corrections}, headers=NO_STORE)

    async def _found(self, request: Request) -> tuple[Diagram, str] | Response | None:
        """The diagram that an address names, with a name for it; None where this visitor has no such one."""
        desk = await self.desk()
        if isinstance(desk, Response):
            return desk
        visitor, file, at = visitor_of(request), str(request.path_params["file"]), _number(request)
        try:
            read = await run_in_threadpool(desk.read, visitor, file) if visitor else None
        except InputError:
            return None
        except CmlError as error:
            return error_response(500, trouble_of(error, "Opening a diagram"))
        if read is None or not 0 <= at < len(read.diagrams):
            return None
        stem = read.document.source.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        return read.diagrams[at], stem if len(read.diagrams) == 1 else f"{stem} {at + 1}"


def _number(request: Request) -> int:
    """Which of a file's diagrams is meant, from 0; -1 for what is no number."""
    text = str(request.path_params["diagram"])
    return int(text) if re.fullmatch(r"[0-9]{1,5}", text) else -1


async def small_body(request: Request) -> bytes | None:
    """What was sent; None where it is more than it can sensibly be."""
    found = bytearray()
    async for piece in request.stream():
        found += piece
        if len(found) > LONGEST_BODY:
            return None
    return bytes(found)


def _why(error: ValidationError) -> Trouble:
    """In words for whoever typed them; what only a program can have sent is told as such."""
    kinds = {(problem["type"], problem["loc"][-1:]) for problem in error.errors(include_input=False)}
    if ("too_long", ("edits",)) in kinds:
        return TOO_MANY
    return TOO_LONG if ("string_too_long", ("label",)) in kinds else NOT_READ

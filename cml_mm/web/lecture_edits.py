"""Corrections of a lecture as the browser sends them: checked for their shape here, for their sense by the desk."""

from __future__ import annotations

from typing import Annotated, Literal, Union

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cml_mm.lectures.corrections import LONGEST_NAME, LONGEST_TEXT, LONGEST_TITLE
from cml_mm.lectures.values import ChapterEdit, CueEdit, LectureEdit, SpeakerEdit
from cml_mm.web.trouble import Trouble

MOST_EDITS = 50  # in one request
_MOST_CUES = 10_000_000

NOT_READ = Trouble(
    "These changes could not be understood, so nothing was changed.", "Open the lecture again, and make them once more."
)
TOO_MANY = Trouble(f"These are more than {MOST_EDITS} changes at a time.", "Save some of them first.")
TOO_LONG = Trouble(
    f"A sentence has up to {LONGEST_TEXT:,} characters, a title {LONGEST_TITLE}, a name {LONGEST_NAME}.",
    "Shorten what you wrote, and save again.",
)

_Place = Annotated[int, Field(ge=0, le=_MOST_CUES)]


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Words(_Given):
    kind: Literal["words"]
    cue: _Place
    text: Annotated[str, Field(max_length=LONGEST_TEXT)]
    old: str | None = None

    def edit(self) -> LectureEdit:
        return CueEdit(self.cue, self.text, self.old)


class _Speaker(_Given):
    """Without `first` and `behind`, wherever `old` speaks."""

    kind: Literal["speaker"]
    name: Annotated[str, Field(max_length=LONGEST_NAME)]
    old: Annotated[str, Field(max_length=LONGEST_NAME)] = ""
    first: _Place = 0
    behind: _Place = 0

    def edit(self) -> LectureEdit:
        return SpeakerEdit(self.name, self.old, (self.first, self.behind))


class _Title(_Given):
    kind: Literal["chapter"]
    number: _Place
    title: Annotated[str, Field(max_length=LONGEST_TITLE)]

    def edit(self) -> LectureEdit:
        return ChapterEdit(self.number, self.title)


_Edit = Annotated[Union[_Words, _Speaker, _Title], Field(discriminator="kind")]


class _Edits(_Given):
    edits: list[_Edit] = Field(min_length=1, max_length=MOST_EDITS)


def lecture_edits(body: bytes) -> tuple[LectureEdit, ...] | Trouble:
    """The edits of a request's body, or in words why they are none.

    Args:
        body: `{"edits": [{"kind": "words", "cue": 3, "text": …, "old": …}, {"kind": "speaker", "name": …, "old": …},
            {"kind": "chapter", "number": 2, "title": …}]}`.
    """
    try:
        return tuple(given.edit() for given in _Edits.model_validate_json(body).edits)
    except ValidationError as error:
        kinds = {problem["type"] for problem in error.errors(include_input=False)}
        if "too_long" in kinds:
            return TOO_MANY
        return TOO_LONG if "string_too_long" in kinds else NOT_READ

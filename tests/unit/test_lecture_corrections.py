"""What a person may change in a transcript and its chapters, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cml_mm.errors import InputError, LimitExceeded
from cml_mm.lectures.corrections import (
    LONGEST_NAME,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_EDITS,
    MOST_KEPT,
    all_taken_back,
    amended,
    corrected,
    last_taken_back,
)
from cml_mm.lectures.reading import lecture_of
from cml_mm.lectures.values import ChapterEdit, Cue, CueEdit, LectureEdit, SpeakerEdit, Speech
from cml_mm.lectures.wording import worded
from tests.support.made_lecture import slide

SLIDES = (slide(1, 0, 30, "Bread oven", "embers"), slide(2, 30, 60, "Mill pond", "sluice"))
CUES = (
    Cue(1, 5, "the bred of one", "Speaker 1", 0.4),
    Cue(5, 9, "is shared.", "Speaker 2", 0.9),
    Cue(31, 35, "Water turns.", "Speaker 1", 0.8),
    Cue(36, 39, "Thank you for watching.", "", 0.2),
)
LECTURE = lecture_of(60, SLIDES, Speech(CUES, "recogniser", "en", "made"))


def speakers(*edits: LectureEdit) -> list[str]:
    return [cue.speaker for cue in corrected(LECTURE, edits).speech.cues]


def test_a_cue_is_rewritten_and_nothing_else_moves() -> None:
    found = corrected(LECTURE, [CueEdit(0, "  The bread\noven ")])
    assert found.speech.cues[0] == Cue(1, 5, "The bread oven", "Speaker 1", 1.0)
    assert found.speech.cues[1:] == LECTURE.speech.cues[1:]
    assert (found.moments, found.chapters, found.slides) == (LECTURE.moments, LECTURE.chapters, LECTURE.slides)
    assert "The bread oven" in next(one.text for one in worded(found) if one.kind == "speech")


def test_a_cue_that_says_something_else_by_now_is_left() -> None:
    changed = amended(LECTURE, [CueEdit(0, "the bread of one", old=" the bred  of one")])
    assert changed.speech.cues[0].text == "the bread of one"
    with pytest.raises(InputError, match="says something else by now"):
        amended(changed, [CueEdit(0, "the bread of all", old="the bred of one")])
    again = amended(changed, [CueEdit(0, "the bread of all", old="the bread of one")])
    assert last_taken_back(again).speech.cues[0].text == "the bread of one"


def test_words_that_nobody_said_are_taken_away() -> None:
    found = corrected(LECTURE, [CueEdit(3, "")])
    assert found.speech.cues[3].text == "" and len(found.speech.cues) == 4
    assert all("watching" not in section.text for section in worded(found))


def test_speakers_are_named_everywhere_or_in_some_cues() -> None:
    assert speakers(SpeakerEdit("Ada", old="Speaker 1")) == ["Ada", "Speaker 2", "Ada", ""]
    assert speakers(SpeakerEdit("Bo", cues=(1, 3))) == ["Speaker 1", "Bo", "Bo", ""]
    assert speakers(SpeakerEdit("Bo")) == ["Speaker 1", "Speaker 2", "Speaker 1", "Bo"]
    assert speakers(SpeakerEdit("", old="Speaker 2")) == ["Speaker 1", "", "Speaker 1", ""]
    assert speakers(SpeakerEdit("Ada", old="Speaker 1"), SpeakerEdit("Eve", old="Ada"))[0] == "Eve"


def test_a_chapter_gets_another_title() -> None:
    found = corrected(LECTURE, [ChapterEdit(2, " The mill ")])
    assert [(one.title, one.titled_by) for one in found.chapters] == [("Bread oven", "slide"), ("The mill", "hand")]
    assert found.chapters[1].start_seconds == LECTURE.chapters[1].start_seconds


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (CueEdit(4, "more"), "no caption number 5; it has 4"),
        (CueEdit(-1, "more"), "no caption number 0"),
        (SpeakerEdit("Ada", old="Speaker 3"), "no speaker called 'Speaker 3'"),
        (SpeakerEdit("Ada", cues=(2, 5)), "no caption number 5"),
        (SpeakerEdit("Ada", cues=(3, 2)), "no caption number"),
        (SpeakerEdit("Ada", cues=(-1, 2)), "no caption number 0"),
        (ChapterEdit(3, "More"), "no chapter 3; it has 2"),
        (ChapterEdit(1, " \n"), "needs a title"),
    ],
)
def test_what_is_not_there_is_refused_and_nothing_is_changed(edit: LectureEdit, words: str) -> None:
    with pytest.raises(InputError, match=words) as raised:
        corrected(LECTURE, [CueEdit(0, "changed"), edit])
    assert raised.value.hint
    assert LECTURE.speech.cues == CUES


@pytest.mark.parametrize(
    "edit",
    [
        CueEdit(0, "a" * (LONGEST_TEXT + 1)),
        SpeakerEdit("a" * (LONGEST_NAME + 1), old="Speaker 1"),
        ChapterEdit(1, "a" * (LONGEST_TITLE + 1)),
    ],
)
def test_what_is_too_long_is_refused(edit: LectureEdit) -> None:
    with pytest.raises(LimitExceeded, match="up to"):
        corrected(LECTURE, [edit])


def test_too_many_changes_are_refused() -> None:
    assert corrected(LECTURE, [CueEdit(0, "x")] * MOST_EDITS).speech.cues[0].text == "x"
    with pytest.raises(LimitExceeded, match=str(MOST_EDITS + 1)):
        corrected(LECTURE, [CueEdit(0, "x")] * (MOST_EDITS + 1))


def test_signs_that_cannot_be_seen_are_taken_out() -> None:
    assert corrected(LECTURE, [CueEdit(0, "a\x00b\u202ec\x1b")]).speech.cues[0].text == "a b c"


# Taken back


def test_steps_are_taken_back_one_after_the_other_and_then_all() -> None:
    one = amended(LECTURE, [CueEdit(0, "the bread of one"), SpeakerEdit("Ada", old="Speaker 1")])
    two = amended(one, [SpeakerEdit("Eve", old="Ada"), ChapterEdit(2, "The mill")])
    assert two.speech.cues[0] == Cue(1, 5, "the bread of one", "Eve", 1.0)
    assert last_taken_back(two) == one
    assert last_taken_back(last_taken_back(two)) == LECTURE == all_taken_back(two)
    assert all_taken_back(LECTURE) == LECTURE
    with pytest.raises(InputError, match="Nothing in this lecture was changed by hand"):
        last_taken_back(LECTURE)


def test_what_was_learnt_of_its_slides_meanwhile_stays_when_changes_are_taken_back() -> None:
    paged = tuple(replace(slide, page=slide.number + 6) for slide in LECTURE.slides)
    changed = replace(amended(amended(LECTURE, [CueEdit(0, "bread")]), [CueEdit(1, "wine")]), slides=paged)
    for taken in (last_taken_back(changed), all_taken_back(changed)):
        assert [slide.page for slide in taken.slides] == [7, 8]


def test_a_step_that_cannot_be_made_leaves_what_can_be_taken_back_alone() -> None:
    one = amended(LECTURE, [CueEdit(0, "bread")])
    with pytest.raises(InputError):
        amended(one, [CueEdit(1, "wine"), CueEdit(9, "none")])
    assert last_taken_back(one) == LECTURE


def test_so_many_changes_are_kept_and_no_more() -> None:
    changed = LECTURE
    for _ in range(MOST_KEPT // MOST_EDITS):
        changed = amended(changed, [CueEdit(0, "bread")] * MOST_EDITS)
    with pytest.raises(LimitExceeded, match="changed 2,000 times"):
        amended(changed, [CueEdit(0, "oven")])
    assert len(last_taken_back(changed).changes.steps) == MOST_KEPT // MOST_EDITS - 1  # type: ignore[union-attr]

"""Who speaks is told apart from what is said, and from what is only heard."""

from __future__ import annotations

import pytest

from cml_mm.errors import MediaUnreadable
from tests.support.caption_files import read, said, srt


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ANNA: The well is shared.", ("ANNA", "The well is shared.")),
        ("DR. VELD-SMITH: Yes.", ("DR. VELD-SMITH", "Yes.")),
        ("SPEAKER 2: Yes.", ("SPEAKER 2", "Yes.")),
        (">> ANNA: Yes.", ("ANNA", "Yes.")),
        (">>> Anna de Wit: Yes.", ("Anna de Wit", "Yes.")),
        ("- ANNA: Yes.", ("ANNA", "Yes.")),
        ("[Anna]: Yes.", ("Anna", "Yes.")),
        ("(Anna) : Yes.", ("Anna", "Yes.")),
        ("ANNA:\nYes.", ("ANNA", "Yes.")),
        (">> Yes.", ("", "Yes.")),
        ("- Yes.", ("", "Yes.")),
        ("-Yes.", ("", "Yes.")),
        ("-5 degrees", ("", "-5 degrees")),
        ("Note: it is cold.", ("", "Note: it is cold.")),
        ("NOTE: it is cold.", ("", "NOTE: it is cold.")),
        ("Anna: it is cold.", ("", "Anna: it is cold.")),
        ("At 10:30 we meet", ("", "At 10:30 we meet")),
        ("the rule is this: share", ("", "the rule is this: share")),
        ("see https://example.org", ("", "see https://example.org")),
        ("as I said -\n- and I say it again", ("", "as I said - - and I say it again")),
    ],
)
def test_names_are_told_from_words(text: str, found: tuple[str, str]) -> None:
    assert said(srt(text)) == [found]


def test_a_name_in_small_letters_counts_where_it_comes_again() -> None:
    assert said(srt("Anna: Is it ours?", "Bo: It is.", "Anna: Since when?", "Question: when?")) == [
        ("Anna", "Is it ours?"),
        ("", "Bo: It is."),
        ("Anna", "Since when?"),
        ("", "Question: when?"),
    ]
    assert said(srt("田中：井戸です", "田中：共有です")) == [("田中", "井戸です"), ("田中", "共有です")]


def test_where_all_is_in_capitals_a_name_must_come_again() -> None:
    assert said(srt("THE RULE IS THIS: SHARE", "MY POINT: SHARE", "BO: YES", "BO: NO")) == [
        ("", "THE RULE IS THIS: SHARE"),
        ("", "MY POINT: SHARE"),
        ("BO", "YES"),
        ("BO", "NO"),
    ]


def test_two_speakers_in_one_caption_share_its_time() -> None:
    speech = read(srt("ANNA: Is it ours?\nBO: It is,\nsince May."))
    assert [(cue.start_seconds, cue.end_seconds, cue.speaker, cue.text) for cue in speech.cues] == [
        (1.0, 1.9, "ANNA", "Is it ours?"),
        (1.0, 1.9, "BO", "It is, since May."),
    ]
    assert speech.notices == ()
    assert said(srt("- Is it ours?\n- It is.")) == [("", "Is it ours? It is.")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[applause] We share.", "We share."),
        ("We [soft\nmusic] share.", "We share."),
        ("【拍手】 We share.", "We share."),
        ("We share. (laughs)", "We share."),
        ("We share (all of it).", "We share (all of it)."),
        ("(APPLAUSE) We share.", "We share."),
        ("*coughs* We share.", "We share."),
        ("We *really* share.", "We *really* share."),
        ("♪ upbeat music ♪\nWe share.", "We share."),
        ("♪ the well is ours ♪", "the well is ours"),
        ("take x[0] and [1] of it", "take x[0] and [1] of it"),
        ("ANNA: [sighs] We share.", "We share."),
        ("[laughter] ANNA: We share.", "We share."),
    ],
)
def test_what_is_heard_is_left_out_of_the_words(text: str, words: str) -> None:
    assert [one for _, one in said(srt(text))] == [words]


def test_captions_of_sounds_alone_are_none() -> None:
    assert said(srt("[applause]", "We share.", "♪♪", "(laughter)", "- ...")) == [("", "We share.")]
    with pytest.raises(MediaUnreadable, match="captions without a spoken word"):
        read(srt("[applause]", "♪♪"))

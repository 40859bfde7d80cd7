"""SubRip files as they really are: whatever is missing or written otherwise, words and milliseconds come out."""

from __future__ import annotations

import pytest

from tests.support.caption_files import cues, read

WHOLE = "1\n00:00:01,107 --> 00:00:08,518\nThe well is shared.\n\n2\n00:00:13,184 --> 00:00:18,515\nWe met\nin May.\n"
FOUND = [(1.107, 8.518, "The well is shared."), (13.184, 18.515, "We met in May.")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(WHOLE, id="as it should be"),
        pytest.param(WHOLE.replace("\n", "\r\n"), id="ends of lines as on Windows"),
        pytest.param(WHOLE.replace("\n", "\r"), id="ends of lines as on old Macs"),
        pytest.param("\ufeff" + WHOLE, id="mark of UTF-8"),
        pytest.param("\n\n  \n" + WHOLE, id="blank lines first"),
        pytest.param(WHOLE.replace(",107", ".107").replace(",518", ".518"), id="full stops in times"),
        pytest.param(WHOLE.replace("\n\n2\n", "\n2\n"), id="blank line missing"),
        pytest.param(WHOLE.replace("\n\n2\n", "\n\n"), id="number missing"),
        pytest.param(WHOLE.replace("1\n00:", "00:", 1).replace("\n2\n", "\n"), id="numbers missing"),
        pytest.param(WHOLE.replace("00:00:", "00:"), id="hours missing"),
        pytest.param(WHOLE.replace("00:00:", "0:00:"), id="hours of one figure"),
        pytest.param(WHOLE.replace(" --> ", "-->"), id="arrow without blanks"),
        pytest.param(WHOLE.replace(" --> ", " -> "), id="short arrow"),
        pytest.param(WHOLE.replace(" --> ", " - -> ").replace("- ->", "-- >"), id="arrow torn apart"),
        pytest.param(WHOLE.replace("00:00:", "00: 00: "), id="times torn apart"),
        pytest.param(WHOLE.replace(" --> ", "\t-->\t"), id="tabs"),
        pytest.param(WHOLE.replace("\n\n", "\n\n\n\n"), id="many blank lines"),
        pytest.param(WHOLE.replace("\n", "\n\n"), id="a blank line after every line"),
        pytest.param(WHOLE.replace("\n\n", "\n \n"), id="lines of blanks"),
        pytest.param(WHOLE.replace(",518", ",518 X1:40 X2:600 Y1:20 Y2:50"), id="places on the screen"),
        pytest.param(WHOLE.replace("The well", '{\\an8}<i>The</i> <font color="#ff0">well</font>'), id="tags"),
        pytest.param(WHOLE.replace("We met\nin", "We met<br />in"), id="line break as a tag"),
        pytest.param(WHOLE.replace("is shared", "is&nbsp;shared"), id="references"),
        pytest.param(WHOLE.replace("is", "\u200bis\u200e"), id="signs that are not seen"),
        pytest.param(WHOLE.replace(",107", ",1071").replace(",518", ",5179"), id="more figures than milliseconds"),
        pytest.param(WHOLE.rstrip("\n"), id="no end of line at the end"),
        pytest.param(WHOLE.replace("2\n", "\n", 1) + "\n3\n00:00:30,000 --> 00:00:40,000\n\n", id="one without words"),
    ],
)
def test_words_and_milliseconds_come_out(text: str) -> None:
    speech = read(text)
    assert [(cue.start_seconds, cue.end_seconds, cue.text) for cue in speech.cues] == FOUND
    assert speech.notices == ()
    assert (speech.origin, speech.by, speech.quotable) == ("captions", "talk.srt", True)


def test_times_are_read_however_many_figures_they_have() -> None:
    found = cues("1:02:03,5 --> 01:02:04\na\n\n75:10.25 --> 75:11\nb\n\n100:00:00,001 --> 100:00:00,002\nc\n")
    assert found == [(3723.5, 3724.0, "a"), (4510.25, 4511.0, "b"), (360000.001, 360000.002, "c")]


def test_figures_of_other_scripts_are_figures() -> None:
    assert cues("١\n٠٠:٠٠:٠١,٢٥٠ --> ٠٠:٠٠:٠٢,٠٠٠\nالبئر مشتركة\n") == [(1.25, 2.0, "البئر مشتركة")]


def test_a_caption_may_be_a_number() -> None:
    text = "1\n00:01,0 --> 00:02,0\nHow many?\n\n2\n00:03,0 --> 00:04,0\n42\n\n3\n00:05,0 --> 00:06,0\n7\n"
    assert [words for _, _, words in cues(text)] == ["How many?", "42", "7"]
    without = "00:01,0 --> 00:02,0\nHow many?\n\n00:03,0 --> 00:04,0\n42\n\n00:05,0 --> 00:06,0\n7\n"
    assert [words for _, _, words in cues(without)] == ["How many?", "42", "7"]


def test_a_blank_line_within_a_caption_loses_nothing() -> None:
    assert cues("1\n00:01,0 --> 00:02,0\nfirst\n\nsecond\n\n2\n00:03,0 --> 00:04,0\nlast\n") == [
        (1.0, 2.0, "first second"),
        (3.0, 4.0, "last"),
    ]


def test_words_on_the_line_of_the_times_are_kept() -> None:
    assert cues("00:01,0 --> 00:02,0 the well\nis shared\n") == [(1.0, 2.0, "the well is shared")]


def test_words_that_look_like_tags_or_arrows_stay() -> None:
    text = "1\n00:01,0 --> 00:02,0\nthe <title> tag, a < b, x --> y\n"
    assert cues(text) == [(1.0, 2.0, "the <title> tag, a < b, x --> y")]


def test_captions_whose_times_are_spoiled_are_counted_and_do_not_join_others() -> None:
    speech = read(
        "1\n00:01,0 --> 00:02,0\nkept\n\n2\n00:0x:03,0 --> 00:04,0\nlost\n\n3\n00:05,0 --> 00:06,0\nkept too\n"
    )
    assert [cue.text for cue in speech.cues] == ["kept", "kept too"]
    assert speech.notices == ("1 caption whose times cannot be read is left out.",)


def test_youtubes_own_form_is_read() -> None:
    assert cues("0:00:01.107,0:00:08.518\nThe well\nis shared.\n\n0:00:13.184,0:00:18.515\nWe met in May.\n") == FOUND


@pytest.mark.parametrize(
    ("name", "language"),
    [("talk.de.srt", "de"), ("talk.pt-BR.srt", "pt"), ("talk.ger.srt", "de"), ("talk.srt", ""), ("v1.2.srt", "")],
)
def test_the_name_may_say_the_language(name: str, language: str) -> None:
    assert read(WHOLE, name).language == language


def test_lines_of_scripts_without_blanks_are_joined_without_one() -> None:
    assert cues("1\n00:01,0 --> 00:02,0\n井戸は\n共有です\n") == [(1.0, 2.0, "井戸は共有です")]
    assert cues("1\n00:01,0 --> 00:02,0\n우물은\n함께\n") == [(1.0, 2.0, "우물은 함께")]

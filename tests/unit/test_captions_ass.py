"""SubStation Alpha: the spoken lines, whatever they look like on the screen."""

from __future__ import annotations

from tests.support.caption_files import cues, read, said

HEAD = "[Script Info]\nTitle: a talk\n\n[V4+ Styles]\nFormat: Name, Fontname\nStyle: Default,Arial\n\n[Events]\n"
FORM = "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"


def test_dialogue_is_read_and_comments_are_not() -> None:
    text = (
        HEAD
        + FORM
        + "Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,nobody says this\n"
        + "Dialogue: 0,0:00:01.11,0:00:08.52,Default,Ada,0,0,0,,{\\i1}The well{\\i0}, we know,\\Nis\\hshared.\n"
        + "Dialogue: 0,1:00:13.18,1:00:18.51,Default,,0,0,0,,{\\p1}m 0 0 l 9 9{\\p0}We met.\r\n"
    )
    assert cues(text, "talk.ass") == [(1.11, 8.52, "The well, we know, is shared."), (3613.18, 3618.51, "We met.")]
    assert said(text)[0][0] == "Ada"


def test_fields_stand_as_their_format_says() -> None:
    text = "[Events]\nFormat: Start, End, Actor, Text\nDialogue: 0:00:01.00,0:00:02.00,x,one, two\n"
    assert cues(text) == [(1.0, 2.0, "one, two")]


def test_layers_that_say_the_same_count_once_and_spoiled_times_are_said() -> None:
    line = "0:00:01.00,0:00:02.00,Default,,0,0,0,,one\n"
    speech = read(
        HEAD + FORM + f"Dialogue: 0,{line}Dialogue: 1,{line}Dialogue: 0,now,0:00:03.00,Default,,0,0,0,,lost\n"
    )
    assert [cue.text for cue in speech.cues] == ["one"]
    assert speech.notices == (
        "1 caption whose times cannot be read is left out.",
        "1 caption stood there twice and was taken once.",
    )

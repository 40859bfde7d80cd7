"""WebVTT: everything that its specification knows, and files that leave some of it out."""

from __future__ import annotations

import pytest

from tests.support.caption_files import cues, read, said

FULL = """WEBVTT - a talk
Kind: captions
Language: en-GB

NOTE
Whoever reads this
need not say it.

STYLE
::cue(v[voice="Ada"]) { color: lime }

REGION
id:lower
width:40%

first
00:01.107 --> 00:00:08.518 region:lower align:start position:10%,line-left
<v Ada Veld>The <c.loud>well</c> is <b>shared</b>.</v>

NOTE between two

00:00:13.184 --> 00:18.515 line:0
We met<00:00:14.000> in <lang de>Mai</lang> &amp; <ruby>水<rt>mizu</rt></ruby>.
"""


def test_a_whole_file_is_read() -> None:
    speech = read(FULL, "talk.vtt")
    assert [(cue.start_seconds, cue.end_seconds, cue.speaker, cue.text) for cue in speech.cues] == [
        (1.107, 8.518, "Ada Veld", "The well is shared."),
        (13.184, 18.515, "", "We met in Mai & 水."),
    ]
    assert (speech.language, speech.notices) == ("en", ())


@pytest.mark.parametrize(
    "text",
    [
        "WEBVTT\n\n00:01.000 --> 00:02.000\none\n\n00:03.000 --> 00:04.000\ntwo\n",
        "\ufeffWEBVTT\r\n\r\n00:01.000 --> 00:02.000\r\none\r\n\r\n00:03.000 --> 00:04.000\r\ntwo",
        "WEBVTT\n00:01.000 --> 00:02.000\none\n00:03.000 --> 00:04.000\ntwo\n",
        "WEBVTT\n1\n00:01.000 --> 00:02.000\none\n2\n00:03.000 --> 00:04.000\ntwo\n",
        "WEBVTT\n\n00:01,000 --> 00:02,000\none\n\n\n\n00:00:03,000 --> 00:00:04,000\ntwo\n",
        "00:01.000 --> 00:02.000\none\n\nNOTE no header\n\n00:03.000 --> 00:04.000\ntwo\n",
        "\n\nWEBVTT\n\nNOTE x\n00:01.000 --> 00:02.000\none\n\nquite a name\n00:03.000 --> 00:04.000\ntwo\n",
        "WEBVTT\n\nSTYLE\n::cue {\n}\n\n00:01.000 --> 00:02.000\none\n\n00:03.000 --> 00:04.000\ntwo\n\nNOTE end\n",
        "WEBVTT\nX-MAP=LOCAL:00:00:00.000,M:0\n\n00:01.000 --> 00:02.000\none\n\n00:03.000 --> 00:04.000\ntwo",
    ],
)
def test_a_file_that_leaves_something_out_is_read_as_well(text: str) -> None:
    assert cues(text, "talk.vtt") == [(1.0, 2.0, "one"), (3.0, 4.0, "two")]
    assert read(text, "talk.vtt").notices == ()


def test_voices_are_speakers() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v.loud Ada &amp; Bo>Yes.</v> <v Cy>No.\nNever.\n<v Dee>Maybe.\n"
    assert said(text) == [("Ada & Bo", "Yes."), ("Cy", "No. Never."), ("Dee", "Maybe.")]
    assert [(start, end) for start, end, _ in cues(text)] == [(1.0, 2.0)] * 3


def test_words_without_times_are_counted() -> None:
    speech = read("WEBVTT\n\n00:01.000 --> 00:02.000\none\n\nstray words\n\n00:0.x --> 00:04.000\nlost\n", "a.vtt")
    assert [cue.text for cue in speech.cues] == ["one"]
    assert speech.notices == ("2 captions without times that can be read are left out.",)


def test_references_are_resolved_once() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n&lt;b&gt; &amp;lt; &#8364; &lrm;AT&T &unknown;\n"
    assert cues(text) == [(1.0, 2.0, "<b> &lt; € AT&T &unknown;")]

"""Caption files of every kind: told from other files, read to the millisecond, bounded, and refused in words."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from cml_mm.errors import InputError, LimitExceeded, MediaUnreadable
from cml_mm.media.captions.reading import is_captions, read_captions
from cml_mm.media.captions.written import MOST_CUES
from cml_mm.visits import DEFAULT_LIMITS
from tests.support.caption_files import cues, read, srt

WORDS = "the well is shared by all who keep it and nobody may sell water that others need".split()


@pytest.mark.parametrize(
    "head",
    [
        srt("one"),
        "WEBVTT",
        "WEBVTT\n\n00:01.000 --> 00:02.000\none",
        "\ufeffWEBVTT - a talk\nKind: captions\n",
        "\n\n00:00:01,000 --> 00:00:02,000\none",
        "a name\n00:00:01,000 --> 00:00:02,000\none",
        "[Script Info]\n; by hand\nTitle: x",
        "0:00:01.000,0:00:02.000\none",
    ],
)
def test_captions_are_told_by_their_head(head: str) -> None:
    assert is_captions(head)
    assert is_captions(head.encode())
    assert is_captions(head.encode("utf-16"))
    assert is_captions(head.removeprefix("\ufeff").encode("utf-16-be"))
    assert is_captions(head.encode("utf-8-sig"))


@pytest.mark.parametrize(
    "head",
    [
        "",
        "WEBVTTX",
        "# How captions look\n\nIn SubRip, this is one:\n\n1\n00:00:01,000 --> 00:00:02,000\none\n",
        "At 10:30 we meet\n1\nuntil 12:00",
        "flowchart LR\n  a --> b\n",
        "time,speaker\n0:00:01,Ada\n",
        "[section]\nkey = value",
        "digraph { a -> b }",
        "1\n2\n3\n",
    ],
)
def test_other_texts_are_not_taken_for_captions(head: str) -> None:
    assert not is_captions(head)
    assert not is_captions(head.encode())


@pytest.mark.parametrize("data", [bytes(range(256)), b"\x00" * 50, b"\xff\xfe\x00", "größe".encode("cp1252")])
def test_any_bytes_may_be_asked_about(data: bytes) -> None:
    assert not is_captions(data)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "nothing in it says when something is said"),
        ("A letter.\nWe met in May.\n", "nothing in it says when something is said"),
        ("{0}{25}The well\n{26}{50}is shared\n", "counts its captions in frames, not in seconds"),
        ('<?xml version="1.0"?>\n<tt xmlns="x"><body/></tt>', "is TTML"),
        ("<SAMI><BODY></BODY></SAMI>", "is SAMI"),
        ("[ar:Ada]\n[00:12.00]The well\n", "holds the words of a song"),
        (srt("<i></i>", " "), "captions without a spoken word"),
        (srt("sprite.jpg#xywh=0,0,160,90", "sprite.jpg#xywh=160,0,160,90"), "captions without a spoken word"),
        (srt('{"slide": 1}', '{"slide": 2}'), "captions without a spoken word"),
    ],
)
def test_what_is_no_captions_is_refused_with_a_way_out(text: str, why: str) -> None:
    with pytest.raises(MediaUnreadable, match=why) as caught:
        read(text, "talk.srt")
    assert caught.value.message.startswith("talk.srt ")
    assert ".srt or .vtt" in caught.value.hint


def test_the_name_does_not_matter() -> None:
    whole = srt("The well is shared.")
    assert cues(whole, "talk.vtt") == cues(whole, "talk.txt") == cues(whole) == [(1.0, 1.9, "The well is shared.")]
    assert cues("WEBVTT\n\n00:01.000 --> 00:01.900\nThe well is shared.\n", "talk.srt") == cues(whole)


def test_thousands_of_captions_are_read() -> None:
    text = "\n\n".join(
        f"{at // 3600}:{at // 60 % 60:02}:{at % 60:02}.250 --> 9:00:00.000\nword {at}" for at in range(6_000)
    )
    speech = read(text)
    assert len(speech.cues) == 6_000
    assert speech.cues[-1].start_seconds == 5_999.25


def test_more_than_a_recording_can_hold_are_refused() -> None:
    with pytest.raises(LimitExceeded, match="50,001 captions; 50,000 are read at most"):
        read("\n".join("0:01 --> 0:02\na" for _ in range(MOST_CUES + 1)))
    for limits in (replace(DEFAULT_LIMITS, characters=40), replace(DEFAULT_LIMITS, file_bytes=40)):
        with pytest.raises(LimitExceeded, match="longer than any captions"):
            read_captions(srt("The well is shared.").encode(), "talk.srt", limits)


def _clock(ms: int, chance: random.Random) -> str:
    sign = chance.choice(",.")
    hours = f"{ms // 3_600_000:02}:" if ms >= 3_600_000 or chance.random() < 0.5 else ""
    return f"{hours}{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}{sign}{ms % 1000:03}"


@pytest.mark.parametrize("seed", range(60))
def test_every_millisecond_comes_back_however_a_file_is_written(seed: int) -> None:
    chance = random.Random(seed)
    starts = sorted(chance.sample(range(0, 4 * 3_600_000, 7), chance.randrange(1, 60)))
    truth = [(at, at + chance.randrange(1, 5_000), " ".join(chance.choices(WORDS, k=9)) + f" {at}.") for at in starts]
    header = chance.choice(["", "", "WEBVTT\n\n"])
    break_ = chance.choice(["\n", "\r\n", "\r"])
    numbers, blank = chance.random() < 0.7, chance.choice(["\n", "\n\n", "\n\n\n"]) if not header else "\n\n"
    parts = []
    for number, (start, end, words) in enumerate(truth, 1):
        head = f"{number}\n" if numbers else ""
        said = words.replace(" ", "\n", 1) if chance.random() < 0.5 else words
        parts.append(f"{head}{_clock(start, chance)} --> {_clock(end, chance)}\n{said}")
    if chance.random() < 0.3 and not header:
        chance.shuffle(parts)
    text = (header + blank.join(parts) + "\n").replace("\n", break_)
    found = read(text.encode(chance.choice(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])))
    assert [(cue.start_seconds, cue.end_seconds, cue.text) for cue in found.cues] == [
        (start / 1000, end / 1000, words) for start, end, words in truth
    ]


@pytest.mark.parametrize("seed", range(60))
def test_spoiled_files_are_read_or_refused_and_nothing_else(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(
        chance.choice([srt(*WORDS), "WEBVTT\n\n" + srt(*WORDS), "[Events]\nDialogue: 0,0:0:1,0:0:2,,,,,,,x"]).encode()
    )
    for _ in range(chance.randrange(1, 40)):
        place = chance.randrange(len(data))
        if chance.random() < 0.4:
            data[place] = chance.randrange(256)
        elif chance.random() < 0.5:
            del data[place : place + chance.randrange(1, 9)]
            data += b"\n"
        else:
            data[place:place] = chance.choice(
                [b"-->", b"\n\n", b"<v ", b"&#x", b"{\\p1}", b"[", b"00:", b"\xe2\x99\xaa"]
            )
    is_captions(bytes(data))
    try:
        speech = read(bytes(data))
    except InputError as error:
        assert error.message and error.hint
        return
    assert speech.cues
    assert all(0 <= cue.start_seconds < cue.end_seconds and cue.text.strip() for cue in speech.cues)
    assert [cue.start_seconds for cue in speech.cues] == sorted(cue.start_seconds for cue in speech.cues)


def test_captions_of_the_shared_lectures_are_exact(shared_dir: Path) -> None:
    folder = shared_dir / "checks" / "lectures"
    if not folder.is_dir():
        pytest.skip("../shared/checks/lectures is not here: captions were not checked against it")
    labels = sorted(folder.glob("*.json"))
    assert labels
    for label in labels:
        truth = [slide for slide in json.loads(label.read_text())["slides"] if slide.get("speech")]
        for ending in (".srt", ".vtt"):
            beside = label.with_suffix(ending)
            speech = read(beside.read_bytes(), beside.name)
            assert [cue.text for cue in speech.cues] == [slide["spoken"] for slide in truth]
            # The labels are rounded anew here and there: what counts is what the file says.
            assert [time for cue in speech.cues for time in (cue.start_seconds, cue.end_seconds)] == pytest.approx(
                [time for slide in truth for time in slide["speech"]], abs=0.0011
            )
            written = beside.read_text().replace(",", ".")
            assert all(f"{cue.start_seconds % 60:06.3f} -->" in written for cue in speech.cues)
            assert all(f"{cue.end_seconds % 60:06.3f}\n" in written for cue in speech.cues)
            assert speech.notices == ()

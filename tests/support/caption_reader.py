"""Strict readers of WebVTT and SubRip: whatever is not as the format demands fails the test."""

from __future__ import annotations

import html
import re

_VTT_TIMES = re.compile(r"(\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3}) --> (\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3})")
_SRT_TIMES = re.compile(_VTT_TIMES.pattern.replace(r"\.", ","))
_VOICE = re.compile(r"<v ([^<>\n]+)>([^<>]*)</v>", re.DOTALL)
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|lrm|rlm|nbsp);)")

ReadCue = tuple[float, float, str, str]  # start, end, speaker, text as it is shown


def read_vtt(text: str) -> list[ReadCue]:
    """The cues of a WebVTT file whose identifiers count from 1."""
    head, *blocks = _blocks(text)
    assert re.fullmatch(r"WEBVTT(?:\n[A-Z][a-z]+: [\w-]+)*", head)
    cues = [block for block in blocks if not re.match(r"NOTE(?:[ \n]|\Z)", block)]
    assert all("-->" not in block for block in blocks if block not in cues)
    found: list[ReadCue] = []
    for number, block in enumerate(cues, 1):
        name, times, *lines = block.split("\n")
        assert name == str(number)
        start, end = _seconds(_VTT_TIMES, times)
        payload = "\n".join(lines)
        assert payload.strip() and "-->" not in payload and not _ENTITY.search(payload)
        voice = _VOICE.fullmatch(payload)
        speaker, said = (voice[1], voice[2]) if voice else ("", payload)
        assert "<" not in said and ">" not in said
        found.append((start, end, html.unescape(speaker), html.unescape(said)))
    assert [cue[0] for cue in found] == sorted(cue[0] for cue in found)
    return found


def read_srt(text: str) -> list[ReadCue]:
    """The cues of a SubRip file; it knows no speakers."""
    found: list[ReadCue] = []
    for number, block in enumerate(_blocks(text) if text else [], 1):
        name, times, *lines = block.split("\n")
        assert name == str(number) and lines
        start, end = _seconds(_SRT_TIMES, times)
        said = "\n".join(lines)
        assert "-->" not in said
        found.append((start, end, "", said))
    return found


def _blocks(text: str) -> list[str]:
    assert text.endswith("\n") and not text.endswith("\n\n") and "\r" not in text and "\0" not in text
    blocks = text[:-1].split("\n\n")
    assert all(block and not block.startswith("\n") and line for block in blocks for line in block.split("\n"))
    return blocks


def _seconds(shape: re.Pattern[str], line: str) -> tuple[float, float]:
    found = shape.fullmatch(line)
    assert found, line
    parts = [int(part) for part in found.groups()]
    start, end = (h * 3600 + m * 60 + s + ms / 1000 for h, m, s, ms in (parts[:4], parts[4:]))
    assert start < end
    return start, end

"""What slides are called, whether two of them go on about one thing, and which only announce what follows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from cml_mm.lectures.terms import WORD, flat, words
from cml_mm.lectures.values import Slide

LONGEST = 80  # characters of a title
_ALIKE = 0.88  # titles that a recogniser read this much alike are one
_BANNER_SHARE = 0.6  # a line that stands on more of the slides than this names the talk or the house, not the slide …
_BANNER_FROM = 4  # … where there are so many slides

_COUNT = r"(?:\d{1,2}|[ivx]{1,4})"
_GOES_ON = re.compile(
    rf"[\s,;:–—-]*[(\[]?(?:cont(?:['’]?d|inued|inuation)\b\.?(?:\s{_COUNT})?|(?:part|pt)\b\.?\s*{_COUNT}(?:\s?(?:/|of)\s?\d{{1,2}})?"
    r"|\d{1,2}\s?(?:/|of)\s?\d{1,2}|(?<=\()\d{1,2}(?=\))|…)[)\]]?\s*\Z",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\A(?:[•●▪■►*·–—-]+\s*|\(?\d{1,2}(?:[.):]|(?:\.\d{1,2}){1,3}[.):]?)\s+(?=[^\W\d_]))")
_AGENDA = re.compile(
    r"(?:the |our |today['’]?s )?(?:agenda|outline|(?:table of )?contents|overview|topics|road ?map"
    r"|plan(?: for today| of (?:the|this) (?:talk|lecture|session))?)"
    r"|what (?:we|i)(?: will|['’]ll) (?:cover|see|talk about)|where (?:we are|are we)\b.*",
    re.IGNORECASE,
)
_PART = re.compile(
    rf"(?:part|section|chapter|module|unit|lesson)\s+(?:{_COUNT}|one|two|three|four|five|six)\b.*", re.IGNORECASE
)


def clean_title(title: str) -> str:
    """A slide's title without bullets, numbers and "(continued)", at most 80 characters; "" where nothing is left."""
    bare = _NUMBER.sub("", flat(title)).strip(" .:;,–—-|")
    while (shorter := _GOES_ON.sub("", bare).strip(" .:;,–—-|")) != bare and WORD.search(shorter):
        bare = shorter
    return shortened(bare) if re.search(r"[^\W_]", bare) else ""


def shortened(title: str) -> str:
    """A title cut between words where it is too long."""
    if len(title) <= LONGEST:
        return title
    cut = title[: LONGEST - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:–—-") + "…"


def same_topic(one: str, other: str) -> bool:
    """Whether two slides' titles are one, however they were read and counted on: "Rules" and "Rules (continued)"."""
    left, right = " ".join(words(clean_title(one))), " ".join(words(clean_title(other)))
    if not left or not right or left == right:
        return bool(left) and left == right
    if re.findall(r"\b\d+\b", left) != re.findall(r"\b\d+\b", right):
        return False
    return len(left) > 5 and SequenceMatcher(None, left, right, autojunk=False).ratio() >= _ALIKE


def is_agenda(title: str) -> bool:
    """Whether a slide's title says that it lists what is to come."""
    return _AGENDA.fullmatch(clean_title(title)) is not None


def begins_section(slide: Slide, title: str) -> bool:
    """Whether a slide only announces what follows: an agenda, "Part 2", or a title that stands alone."""
    if not title:
        return False
    alone = len(slide.lines) <= 1 and len(words(title)) <= 8
    return alone or is_agenda(slide.title) or _PART.fullmatch(flat(slide.title)) is not None


def slide_titles(slides: Sequence[Slide]) -> Mapping[int, str]:
    """Each slide's title, cleaned, by its number.

    A line that stands on most slides is no title; then the next line of the slide is taken that is not.
    """
    banners = _banners(slides)
    return {slide.number: _own_title(slide, banners) for slide in slides}


def _banners(slides: Sequence[Slide]) -> frozenset[str]:
    if len(slides) < _BANNER_FROM:
        return frozenset()
    held = Counter(key for slide in slides for key in {_key(line.text) for line in slide.lines} | {_key(slide.title)})
    return frozenset(key for key, count in held.items() if key and count > _BANNER_SHARE * len(slides))


def _own_title(slide: Slide, banners: frozenset[str]) -> str:
    if _key(slide.title) not in banners:
        return clean_title(slide.title)
    kept = [line for line in slide.lines if _key(line.text) not in banners and clean_title(line.text)]
    highest = max(kept, key=lambda line: (round(line.box.h / max(line.box.of_h, 1e-9), 2), -line.box.y), default=None)
    return clean_title(highest.text) if highest is not None else ""


def _key(text: str) -> str:
    return " ".join(words(text))

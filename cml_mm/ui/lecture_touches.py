"""What a recording has to do with the library: the patterns that it touches, by the second, and names first said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cml_mm.errors import InputError
from cml_mm.lectures.values import Speech
from cml_mm.ports import FileDesk
from cml_mm.types import clock
from cml_mm.ui.icons import icon
from cml_mm.ui.lecture_words import quoted_words
from cml_mm.ui.page_text import page_link
from cml_mm.ui.text import escape
from cml_mm.visits import FirstSaid, LectureTouches, PatternMoment

MOST_PATTERNS = 12
MOST_MOMENTS = 6  # of one pattern


def touches_reply(desk: FileDesk, visitor: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Which patterns of the library a recording touches; asked apart, since it takes longer than the lecture itself.

    Args:
        data: from the browser: `file`, its id.

    Returns: `html`.
    Raises: InputError: this visitor has no such recording.
    """
    file = str(data.get("file", ""))[:100]
    touches = desk.lecture_touches(visitor, file)
    lecture = desk.read(visitor, file).lecture
    if lecture is None:
        raise InputError("This is no recording.", "Open another file.")
    return {"html": touches_html(touches, lecture.speech)}


def touches_html(touches: LectureTouches, speech: Speech) -> str:
    """The section under the slides. The script opens it where there is room.

    Args:
        speech: of the recording; says who heard the words.
    """
    by_slug: dict[str, list[PatternMoment]] = {}
    for one in touches.patterns:
        by_slug.setdefault(one.slug, []).append(one)
    shown = sorted(sorted(by_slug.values(), key=_telling)[:MOST_PATTERNS], key=lambda each: each[0].start_seconds)
    rows = "".join(_pattern(moments) for moments in shown)
    left = len(by_slug) - len(shown)
    more = f'<p class="small mut">and {left:,} more.</p>' if left else ""
    none = '<p class="small sec">No pattern of the library is surely touched.</p>'
    body = f'<ul class="lv-pats">{rows}</ul>{more}' if rows else none
    count = f'<span class="mut">{len(by_slug):,}</span>' if rows else ""
    first = _first_said(touches.first_said)
    heard = _heard(speech) if rows or first else ""
    return (
        f'<details class="lv-lib"><summary><h3 class="lab">Patterns it touches {count}</h3>{icon("down")}</summary>'
        f"{heard}{body}{first}</details>"
    )


def _telling(moments: Sequence[PatternMoment]) -> tuple[bool, int, float]:
    """What is named first, then what comes up most often, then what comes first."""
    return not any(one.named for one in moments), -len(moments), moments[0].start_seconds


def _heard(speech: Speech) -> str:
    """Who heard what is said, where that was a recogniser; nothing where somebody wrote it."""
    if speech.origin not in ("recogniser", "weak recogniser"):
        return ""
    words = f"What is said was {quoted_words(speech)}."
    return f'<p class="small sec lv-by">{icon("warn")}<span>{escape(words)}</span></p>'


def _pattern(moments: Sequence[PatternMoment]) -> str:
    title = moments[0].title
    rows = "".join(_moment(one) for one in moments[:MOST_MOMENTS])
    left = len(moments) - MOST_MOMENTS
    more = f'<li class="small mut">and {left:,} times more</li>' if left > 0 else ""
    return f'<li>{page_link(moments[0].slug, title)}<ul class="lv-ats">{rows}{more}</ul></li>'


def _moment(one: PatternMoment) -> str:
    """Its second and its words. A name on a slide brings the words along that are said beside it."""
    where = ("named on the slide" if one.named else "on the slide") if one.origin == "ocr" else ""
    slide = f' <span class="small mut">{where}</span>' if where else ""
    return f"<li>{_seek(one.start_seconds, one.title)}<span>{_lit(one.words)}{slide}</span></li>"


def _lit(words: Iterable[str]) -> str:
    once: dict[str, str] = {}  # a slide and what is said beside it may write the same word otherwise
    for word in words:
        once.setdefault(word.casefold(), word)
    return " ".join(f"<mark>{escape(word)}</mark>" for word in once.values())


def _first_said(names: Sequence[FirstSaid]) -> str:
    rows = "".join(f"<li><bdi>{escape(one.said)}</bdi>{_seek(one.start_seconds, one.said)}</li>" for one in names)
    return f'<h3 class="lab">First said</h3><ul class="lv-firsts">{rows}</ul>' if rows else ""


def _seek(seconds: float, what: str) -> str:
    """A button that plays from there; its name says of what."""
    at = clock(seconds)
    return (
        f'<button type="button" class="lnk lv-at" data-act="lv-seek" data-at="{seconds:g}"'
        f' aria-label="{at}, {escape(what)}">{at}</button>'
    )

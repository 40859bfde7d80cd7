"""The slides of a filmed talk: when each is shown, its words and their places, its title and its diagram.

First the whole film is looked at in small, then one frame of each slide is read. A list that grows line by line is one
slide: it is read once, when it is whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from cml_mm.diagrams.values import Diagram
from cml_mm.lectures.values import Slide, frame_face
from cml_mm.media.film.changes import Stretch, stretches_of
from cml_mm.media.film.condensing import without_pointer
from cml_mm.media.film.drawings import diagram_of
from cml_mm.media.film.frames import FilmFrames
from cml_mm.media.film.tiles import only_adds, shows_the_same
from cml_mm.media.film.words import grew_from, is_worded, lines_on, slide_lines, title_of
from cml_mm.ports import Ocr, OcrLine, Picture, Told
from cml_mm.visits import Limits

MOST_SLIDES = 600  # that are read in one film
_SETTLED_SECONDS = 3.0  # after which compressed pictures are as sharp as they get
_REMEMBERED = 60  # frames that were read, of which one may be shown again
_MOST_EMPTY = 30  # frames without words; in a film of such, only what lasts is looked at any more
_LASTING_SECONDS = 8.0
_LEAST_PICTURE_SECONDS = 3.0  # that a slide without words is shown
_MOST_MOVING = 0.02  # of a slide without words; a camera's view has no words either, but it moves

NO_SLIDES = "No slides were found in this film; what is said in it can be searched all the same."
NOT_READ = "The words on its slides were not read."
DAMAGED = "Parts of this film are damaged; slides shown there may be missing."
MANY = f"Only the first {MOST_SLIDES} slides of this film were read."


@dataclass(frozen=True)
class Filmed:
    """What was seen in a film. `width_px` and `height_px` are those of a frame as it is shown."""

    seconds: float
    slides: tuple[Slide, ...]
    diagrams: tuple[Diagram, ...]
    width_px: int
    height_px: int
    notices: tuple[str, ...]


@dataclass(frozen=True)
class _Seen:
    """One or several stretches that are one slide; `last` shows it whole."""

    start_seconds: float
    last: Stretch
    lines: tuple[OcrLine, ...] = ()
    diagram: Diagram | None = None

    @property
    def shown_seconds(self) -> float:
        start, end = self.last.still_seconds
        return round(min(end, start + _SETTLED_SECONDS), 3)

    @property
    def lasts_seconds(self) -> float:
        return self.last.end_seconds - self.start_seconds

    @property
    def looked_at_seconds(self) -> tuple[float, ...]:
        """The frames that are read as one, in order: several where a pointer may stand on words."""
        apart = self.last.apart_seconds
        return apart if len(apart) > 1 else (self.shown_seconds,)


def read_slides(data: bytes, reader: str, name: str, ocr: Ocr | None, limits: Limits, told: Told) -> Filmed:
    """Look at a film and read its slides.

    Args:
        data: the whole file.
        reader: the one container format that it may be, by its signature.
        name: for messages.
        ocr: who reads the words; None leaves slides without any.
        limits: on its length.
        told: hears what is being done.

    Returns: slides in order of time; none, and a notice, for a film without.
    Raises:
        MediaUnreadable: it is damaged, or has no moving pictures.
        LimitExceeded: its pictures are larger, or it plays for longer, than is read.
        ModelError: the recogniser cannot be run.
    """
    film = FilmFrames(data, reader, name, limits)
    stretches = stretches_of(film.samples(told))
    groups = _grown(stretches)
    groups, left = groups[:MOST_SLIDES], groups[MOST_SLIDES:]
    seen = _Reading(film, ocr, told).read(groups) if ocr is not None else groups
    shown = _slides_among(_grown_by_words(seen), ocr is not None)
    slides = tuple(_slide(number, one, film) for number, one in enumerate(shown, 1))
    diagrams = tuple(replace(one.diagram, face=frame_face(one.shown_seconds)) for one in shown if one.diagram)
    notices = [
        *([DAMAGED] if film.damaged else []),
        *([MANY] if left else []),
        *([NO_SLIDES] if not slides else [NOT_READ] if ocr is None else []),
    ]
    return Filmed(film.seconds, slides, diagrams, film.width_px, film.height_px, tuple(notices))


def _grown(stretches: Sequence[Stretch]) -> list[_Seen]:
    """Stretches of one slide together, where each adds something to what the one before shows."""
    found: list[_Seen] = []
    for one in stretches:
        if found and _adds_to(found[-1].last, one):
            found[-1] = replace(found[-1], last=one)
        else:
            found.append(_Seen(one.start_seconds, one))
    return found


def _adds_to(before: Stretch, one: Stretch) -> bool:
    return not (before.is_film or one.is_film) and only_adds(before.grey, one.grey, before.mute | one.mute)


def _grown_by_words(seen: Sequence[_Seen]) -> list[_Seen]:
    """The same by the words, where more than empty space has changed: lines that were dimmed, or moved up."""
    found: list[_Seen] = []
    for one in seen:
        if found and grew_from(one.lines, found[-1].lines):
            found[-1] = replace(one, start_seconds=found[-1].start_seconds)
        else:
            found.append(one)
    return found


def _slides_among(seen: Sequence[_Seen], were_read: bool) -> list[_Seen]:
    """Those that are slides: with words, or still pictures between such."""
    if not were_read:
        return [one for one in seen if not one.last.is_film]
    worded = [is_worded(one.lines) for one in seen]
    if not any(worded):
        return []
    return [one for one, has_words in zip(seen, worded, strict=True) if has_words or _is_picture(one.last)]


def _is_picture(one: Stretch) -> bool:
    lasts = one.end_seconds - one.start_seconds
    return lasts >= _LEAST_PICTURE_SECONDS and float(one.mute.mean()) <= _MOST_MOVING and float(one.grey.std()) > 8


def _slide(number: int, one: _Seen, film: FilmFrames) -> Slide:
    lines = slide_lines(one.lines, film.width_px, film.height_px)
    return Slide(number, one.start_seconds, one.last.end_seconds, one.shown_seconds, title_of(lines), lines)


def _first_shown(groups: Sequence[_Seen]) -> list[int]:
    """For each slide the place of the first that looks the same."""
    found: list[int] = []
    known: list[int] = []
    for place, one in enumerate(groups):
        alike = (other for other in reversed(known) if _look_alike(one.last, groups[other].last))
        found.append(next(alike, place))
        if found[place] == place:
            known = [*known[-_REMEMBERED:], place]
    return found


def _look_alike(one: Stretch, other: Stretch) -> bool:
    return shows_the_same(one.grey, other.grey, one.mute | other.mute)


class _Reading:
    """Reads what each slide shows, and nothing twice that is shown again."""

    def __init__(self, film: FilmFrames, ocr: Ocr, told: Told) -> None:
        self._film = film
        self._ocr = ocr
        self._told = told

    def read(self, groups: Sequence[_Seen]) -> list[_Seen]:
        """The same with their words and diagrams."""
        firsts = _first_shown(groups)
        anew = [place for place, first in enumerate(firsts) if place == first and not groups[place].last.is_film]
        coming = self._film.at([seconds for place in anew for seconds in groups[place].looked_at_seconds])
        found = list(groups)
        empty = 0  # without words, more than with
        for done, place in enumerate(anew, 1):
            one = groups[place]
            self._told(f"Reading slide {done} of {len(anew)}", done, len(anew))
            pictures = list(islice(coming, len(one.looked_at_seconds)))
            picture = without_pointer([picture for picture in pictures if picture is not None])
            if picture is None or (empty > _MOST_EMPTY and one.lasts_seconds < _LASTING_SECONDS):
                continue
            found[place] = self._read(one, picture)
            empty += -1 if found[place].lines else 1
        for place, first in enumerate(firsts):
            found[place] = replace(groups[place], lines=found[first].lines, diagram=found[first].diagram)
        return found

    def _read(self, one: _Seen, picture: Picture) -> _Seen:
        lines = lines_on(picture, one.last.moves, self._ocr)
        size = (self._film.width_px, self._film.height_px)
        diagram = diagram_of(picture, lines, one.last.moves, frame_face(one.shown_seconds), *size)
        return replace(one, lines=lines, diagram=diagram)

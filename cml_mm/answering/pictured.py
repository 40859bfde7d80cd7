"""What a model that sees is shown beside its evidence: the pages, pictures and frames that are cited, each in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cml_mm.lectures.titles import slide_titles
from cml_mm.lectures.values import frame_seconds
from cml_mm.ports import Picture, Still
from cml_mm.types import Evidence, Page, PictureArea, TimeSpan, clock
from cml_mm.visits import StoredFile

See = Callable[[str, str], "Picture | None"]  # a visitor's file and one of its faces → how that looks


@dataclass(frozen=True)
class Pictured:
    """A picture of evidence. `words` say what it is, as others wrote them; `evidence` is what it belongs to."""

    still: Still
    words: str
    evidence: tuple[Evidence, ...] = ()

    @property
    def recording(self) -> str:
        """The id of the recording that it is a frame of; "" for any other picture."""
        return self.evidence[0].source.slug if self.evidence and self.still.seconds is not None else ""


@dataclass(frozen=True)
class Sights:
    """Pictures, most useful first. `left_out` counts those that are cited and not shown, but for pages of words."""

    shown: tuple[Pictured, ...] = ()
    left_out: int = 0


NO_SIGHTS = Sights()


@dataclass(frozen=True)
class Eyes:
    """How the faces of a visitor's files look, and what they are called; `files` are those that are asked, by id."""

    see: See
    files: Mapping[str, StoredFile] = field(default_factory=dict)

    def look(self, evidence: Sequence[Evidence], most: int) -> Sights:
        """The faces that evidence cites, each once, in the order of the evidence.

        Args:
            most: how many the model takes; others are not drawn.
        """
        cited: dict[tuple[str, str], list[Evidence]] = {}
        for item in evidence:
            if item.source.owner != "library" and (face := _face(item)):
                cited.setdefault((item.source.slug, face), []).append(item)
        shown: list[Pictured] = []
        for (file, face), items in list(cited.items())[: max(most, 0)]:
            picture = self.see(file, face)
            if picture is not None:
                still = Still(picture, frame_seconds(face), recording=file)
                shown.append(Pictured(still, self.words(file, face), tuple(sorted(items, key=_spoken))))
        drawn = {(one.evidence[0].source.slug, _face(one.evidence[0])) for one in shown}
        left = [key for key, items in cited.items() if key not in drawn and not isinstance(items[0].locator, Page)]
        return Sights(tuple(shown), len(left))

    def words(self, file: str, face: str) -> str:
        """ "Frame at 4:31, slide 3, shown from 4:12 to 4:40, “Small steps first”", or "Page 3 of “Lease”"."""
        stored = self.files.get(file)
        seconds = frame_seconds(face)
        if seconds is not None:
            return f"Frame at {clock(seconds)}{_slide_words(stored, face)}"
        label = next((one.label for one in stored.read.faces if one.key == face), "") if stored else ""
        title = stored.read.document.title.strip() or stored.card.name if stored else ""
        return f"{label or 'Picture'} of “{title}”" if title else label or "Picture"


def in_time(shown: Iterable[Pictured]) -> tuple[Pictured, ...]:
    """Frames of one recording in the order of time, in which some models take them as a film; others as they are."""
    kept = tuple(shown)
    if len({one.recording for one in kept}) == 1 and kept[0].recording:
        return tuple(sorted(kept, key=lambda one: one.still.seconds or 0.0))
    return kept


def _face(item: Evidence) -> str:
    return item.locator.face if isinstance(item.locator, (Page, PictureArea, TimeSpan)) else ""


def _spoken(item: Evidence) -> bool:
    """What is only said while a frame is shown comes behind what stands on it."""
    return isinstance(item.locator, TimeSpan)


def _slide_words(stored: StoredFile | None, face: str) -> str:
    lecture = stored.read.lecture if stored else None
    slide = next((one for one in lecture.slides if one.face == face), None) if lecture else None
    if lecture is None or slide is None:
        return ""
    title = slide_titles(lecture.slides).get(slide.number, "")
    times = f"shown from {clock(slide.start_seconds)} to {clock(slide.end_seconds)}"
    return f", slide {slide.number}, {times}{f', “{title}”' if title else ''}"

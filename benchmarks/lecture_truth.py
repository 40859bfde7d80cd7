"""What a lecture shows and says, as JSON and as caption files; read back from ours and from others written alike."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.lecture_planning import Asked, Plan
from cml_mm.lectures.values import Cue


@dataclass(frozen=True)
class TrueSlide:
    """A slide as it is known to be; `speech` is from the first to the last word that is said while it stands."""

    start_seconds: float
    end_seconds: float
    lines: tuple[str, ...]  # its title first
    speech: tuple[float, float]
    spoken: str


@dataclass(frozen=True)
class TrueLecture:
    """A lecture as it is known to be."""

    name: str
    style: str
    seconds: float
    changes: tuple[float, ...]
    slides: tuple[TrueSlide, ...]
    cues: tuple[Cue, ...]
    questions: tuple[Asked, ...] = ()


def truth_json(plan: Plan, size: tuple[int, int], figures: tuple[tuple[str, ...], ...]) -> dict[str, Any]:
    """The truth of a planned lecture.

    Args:
        plan: it.
        size: width and height of a frame in pixels.
        figures: for every slide the words in its drawing, which are no lines of it.
    """
    return {
        "style": plan.style.name,
        "duration": plan.seconds,
        "changes": list(plan.changes),
        "slides": [
            {
                "start": slide.start_seconds,
                "end": slide.end_seconds,
                "speech": [slide.cues[0].start_seconds, slide.cues[-1].end_seconds],
                "title": slide.topic.title,
                "lines": list(slide.topic.bullets),
                "spoken": " ".join(cue.text for cue in slide.cues),
                "figure": list(figure),
                "turn": slide.turn,
                "steps": list(slide.steps),
                "camera": list(slide.camera or ()),
            }
            for slide, figure in zip(plan.slides, figures, strict=True)
        ],
        "cues": [{"start": cue.start_seconds, "end": cue.end_seconds, "text": cue.text} for cue in plan.cues],
        "questions": [
            {"question": one.question, "start": one.start_seconds, "end": one.end_seconds, "slide": one.slide}
            for one in plan.questions
        ],
        "size": list(size),
        "fps": float(plan.style.fps),
        "seed": plan.seed,
    }


def read_truth(path: Path) -> TrueLecture:
    """A truth file. Without cues of its own, what is said on each slide is one cue, as its captions have it."""
    told = json.loads(path.read_text(encoding="utf-8"))
    slides = tuple(
        TrueSlide(one["start"], one["end"], (one["title"], *one["lines"]), (*one["speech"],), one["spoken"])
        for one in told["slides"]
    )
    cues = tuple(Cue(one["start"], one["end"], one["text"]) for one in told.get("cues", ()))
    return TrueLecture(
        path.stem,
        told["style"],
        told["duration"],
        tuple(told["changes"]),
        slides,
        cues or tuple(Cue(*slide.speech, slide.spoken) for slide in slides),
        tuple(Asked(one["question"], one["start"], one["end"], one["slide"]) for one in told.get("questions", ())),
    )


def written_srt(cues: tuple[Cue, ...]) -> str:
    """Captions as SubRip."""
    parts = [
        f"{number}\n{_clock(cue.start_seconds, ',')} --> {_clock(cue.end_seconds, ',')}\n{cue.text}\n"
        for number, cue in enumerate(cues, 1)
    ]
    return "\n".join(parts)


def written_vtt(cues: tuple[Cue, ...]) -> str:
    """Captions as WebVTT."""
    parts = [f"{_clock(cue.start_seconds, '.')} --> {_clock(cue.end_seconds, '.')}\n{cue.text}\n" for cue in cues]
    return "\n".join(["WEBVTT\n", *parts])


def _clock(seconds: float, point: str) -> str:
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}{point}{rest % 1000:03d}"

"""Where is it said: the first citation of each answer against the seconds in which it is truly said.

python -m benchmarks lecture-questions                     the films of ../shared as they are read, with captions
python -m benchmarks.measure_lecture_questions --slides truth|none   slides as they are known to be, or none
python -m benchmarks.measure_lecture_questions --seeds 21 22         lectures of our own too, never drawn as films

The questions are in other words than the lectures': those to ../shared in benchmarks/lecture_questions.jsonl, those to
our own beside the sentences in benchmarks/lecture_topics.txt. Those of our own ask for facts and not for places,
most of them without a word in common with the answer. Questions on what no lecture says are asked too, and should
be refused.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.lecture_planning import planned
from benchmarks.lecture_scoring import Found, found_share, median_error_seconds
from benchmarks.lecture_sets import checks_lectures, questions_to
from benchmarks.lecture_truth import TrueLecture, TrueSlide
from benchmarks.libraries import STARTER, open_or_build
from cml_mm.engine.lectures import Named, read_of
from cml_mm.engine.opened import Opened
from cml_mm.graph.snapshot import open_snapshot
from cml_mm.lectures.reading import lecture_of
from cml_mm.lectures.values import Slide, SlideLine, Speech
from cml_mm.media.captions.reading import read_captions
from cml_mm.media.film.slides import read_slides
from cml_mm.media.signatures import recording_sign
from cml_mm.models.rapid_ocr import RapidOcr
from cml_mm.ports import TextEncoder
from cml_mm.profiles import parts_of
from cml_mm.retrieval.chunks import chunk_document
from cml_mm.retrieval.file_index import encoded_text
from cml_mm.settings import Settings
from cml_mm.talk import NO_TALK, Scope
from cml_mm.types import Answer, AnswerReady, Box, PictureArea, TimeSpan
from cml_mm.visits import DEFAULT_LIMITS, FileCard, Recorded, StoredFile

FROM = ("film", "truth", "none")
WIDTH, HEIGHT = 1280, 720
# Nothing of the kind is said in any of the lectures; that they are refused is counted, not required.
UNSAID = (
    "Where does she mention carbon taxes?",
    "When is nuclear power mentioned?",
    "Where does she explain how to bake bread?",
    "Where are ISBN numbers explained?",
    "When does the speaker talk about the parliament of Iceland?",
)


def main(library: Path, index: Path) -> None:
    """The starter library stands beside the lectures, whatever `library` is."""
    measure("film", (), index if library.resolve() == STARTER.resolve() else None, faults=True)


def measure(slides: str, seeds: Sequence[int], index: Path | None, faults: bool) -> None:
    """Asks and prints the table.

    Args:
        slides: where they come from, one of `FROM`.
        seeds: of lectures of our own.
        index: where the starter library's index is kept, None for a temporary place.
        faults: whether to print the questions whose first citation is wrong.
    """
    settings = Settings.load()
    encoder = parts_of(settings).text_encoder()
    with tempfile.TemporaryDirectory() as scratch:
        place = index or Path(scratch) / "starter"
        starter = replace(settings, index=place, libraries=(STARTER,))
        open_or_build(starter).close()
        snapshot = open_snapshot(place, encoder.name, encoder.dimension, starter.graph_buffer_bytes)
        opened = Opened.over(snapshot, encoder)
        print(f"| lectures | questions | first citation within | median error, s | refused of {len(UNSAID)} unsaid |")
        print("|---|---|---|---|---|")
        for name, found in (("../shared", checks_lectures()), ("our own", map(_own, seeds))):
            _print_set(name, opened, encoder, slides, found, faults)
        snapshot.close()


def _print_set(
    name: str,
    opened: Opened,
    encoder: TextEncoder,
    slides: str,
    lectures: Iterator[tuple[Path | None, TrueLecture]],
    faults: bool,
) -> None:
    scored: list[Found] = []
    wrong: list[str] = []
    refused = asked = 0
    for number, (film, truth) in enumerate(lectures, 1):
        file = _stored(encoder, number, film, truth, slides)
        for one in questions_to(truth):
            answer = _answer(opened, file, one.question)
            scored.append(Found(_cited(answer), one.start_seconds, one.end_seconds))
            if not scored[-1].is_within:
                wrong.append(f"  {truth.name}: {one.question} → {scored[-1].cited_seconds}, is {one.start_seconds:.1f}")
        answers = [_answer(opened, file, question) for question in UNSAID]
        refused += sum(answer.status == "not_in_library" for answer in answers)
        asked += len(UNSAID)
    if scored:
        share, error = found_share(scored), median_error_seconds(scored)
        print(f"| {name} | {len(scored)} | {share:.3f} | {error:.3f} | {refused} of {asked} |")
        print("\n".join(wrong if faults else ()))


def _own(seed: int) -> tuple[None, TrueLecture]:
    """One of ours, planned and not drawn: its slides and captions as they would be."""
    plan = planned("fade", seed)
    slides = tuple(
        TrueSlide(
            one.start_seconds,
            one.end_seconds,
            (one.topic.title, *one.topic.bullets),
            (one.cues[0].start_seconds, one.cues[-1].end_seconds),
            "",
        )
        for one in plan.slides
    )
    return None, TrueLecture(plan.name, plan.style.name, plan.seconds, (), slides, plan.cues, plan.questions)


def _stored(encoder: TextEncoder, number: int, film: Path | None, truth: TrueLecture, slides: str) -> StoredFile:
    """The lecture as a visitor's file."""
    speech = Speech(truth.cues, "captions", "en", "captions")
    if film is not None:
        captions = film.with_suffix(".srt")
        speech = read_captions(captions.read_bytes(), captions.name, DEFAULT_LIMITS)
    shown = _read(film) if film is not None and slides == "film" else _known(truth) if slides != "none" else ()
    id, name = f"file-{number:024d}", f"{truth.name}.mp4"
    recorded = Recorded("film", truth.seconds, shown, width_px=WIDTH, height_px=HEIGHT)
    lecture = lecture_of(truth.seconds, shown, speech)
    read = read_of(lecture, recorded, Named(name, id, f"{number:064x}"), ())
    chunks = chunk_document(read.document, id)
    texts = [encoded_text(chunk) for chunk in chunks]
    vectors = encoder.encode_passages(texts) if texts else np.zeros((0, encoder.dimension), np.float32)
    card = FileCard(id, name, "ready", 1, read.document.title, "film", seconds=truth.seconds, added=float(number))
    return StoredFile(card, f"{number:064x}", read, chunks, vectors, encoder.name)


def _read(film: Path) -> tuple[Slide, ...]:
    """The slides as the film shows them."""
    data = film.read_bytes()
    sign = recording_sign(data)
    if sign is None:
        raise SystemExit(f"{film.name} is no recording.")
    return read_slides(data, sign, film.name, RapidOcr(), DEFAULT_LIMITS, lambda *_: None).slides


def _known(truth: TrueLecture) -> tuple[Slide, ...]:
    """The slides as they are known to be."""
    return tuple(
        Slide(
            number,
            one.start_seconds,
            one.end_seconds,
            one.end_seconds - 0.5,
            one.lines[0],
            tuple(
                SlideLine(text, Box(80.0, 60.0 + 110.0 * at, 800.0, 50.0, WIDTH, HEIGHT), 1.0)
                for at, text in enumerate(one.lines)
            ),
        )
        for number, one in enumerate(truth.slides, 1)
    )


def _answer(opened: Opened, file: StoredFile, question: str) -> Answer:
    source = opened.source((file,))
    for event in opened.answerer.ask(question, lambda: False, NO_TALK, Scope("files", "visitor", ()), source):
        if isinstance(event, AnswerReady):
            return event.answer
    raise SystemExit(f"No answer: {question}")


def _cited(answer: Answer) -> float | None:
    """When the first citation begins to play."""
    held = {item.number: item.locator for item in answer.evidence}
    first = next((held[number] for sentence in answer.sentences for number in sentence.cites), None)
    return first.start_seconds if isinstance(first, (TimeSpan, PictureArea)) else None


if __name__ == "__main__":
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--slides", choices=FROM, default="film")
    reader.add_argument("--seeds", type=int, nargs="*", default=[])
    reader.add_argument("--index", type=Path)
    reader.add_argument("--faults", action="store_true")
    told = reader.parse_args()
    measure(told.slides, told.seeds, told.index, told.faults)

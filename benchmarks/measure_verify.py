"""The verifier over labelled pairs: precision and recall of "not supported", kind by kind.

python -m benchmarks verify

Seven sets. `dev` and `held_out` are by the author of the first rules, the others each by an author who had seen no
rule. `dev` to `second` have been tuned on since. Of `unseen` nothing but scores by kind was looked at, six times in
all. Of `official` (long, dry sentences, much arithmetic) some texts were read while a model was tried, none of the
rules' mistakes; `lively` has been scored and not read. What is to be expected of pairs by others is what these last
three say. Whoever tunes next should tune on `authors`: thirteen more, whose sentences stand in groups around one
text. Every eighth group of theirs is scored, by author.

"Not supported" is counted in two ways: anything but "supported", and "unsupported" alone (then "partly"
counts as passed).
Each way with the text encoder and by words alone.

Beside the scores stand two figures that no reading of the texts went into: how well the mere length of a sentence, and
of its evidence, tells the supported pairs of a set from the others. A set where they do (0.5 is chance) rewards a
judge that counts words; nothing may be fitted to it that can see a length.

Last, the composer's own answers: every development question is asked, and each sentence that the check withheld from
an answer, or marked in it, is counted. There should be none.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.libraries import development_questions, open_or_build, question_files
from cml_mm.answering.verify import judge
from cml_mm.engine import Engine
from cml_mm.models.minilm import MiniLM
from cml_mm.ports import TextEncoder
from cml_mm.settings import Settings

PAIRS = Path(__file__).with_name("verify_pairs")
EVERY = 8  # of the groups of `authors`, one in so many is scored


@dataclass(frozen=True)
class Judged:
    """One labelled pair with the verdict it got."""

    id: str
    kind: str
    wanted: str
    got: str


def main(library: Path, index: Path) -> None:
    """Args: library, index: for the composer's own answers."""
    encoder = MiniLM(Settings.load().models)
    for name in ("dev", "held_out", "fresh", "second", "unseen", "official", "lively"):
        for told, used in (("with the text encoder", encoder), ("words alone", None)):
            began = time.process_time()
            done = judged(PAIRS / f"{name}.jsonl", used)
            spent = 1000 * (time.process_time() - began) / max(len(done), 1)
            print(f"\n{verify_markdown(f'{name}, {told}', done)}\n\n{spent:.0f} CPU-ms a pair.")
        by_sentence, by_evidence = told_by_length(PAIRS / f"{name}.jsonl")
        print(f"Told by length alone: of the sentence {by_sentence:.2f}, of the evidence {by_evidence:.2f}.")
    print(f"\n{authors_markdown(PAIRS / 'authors', encoder)}")
    with tempfile.TemporaryDirectory() as scratch:
        for asked in question_files(library, index, Path(scratch)):
            settings = replace(Settings.load(), index=asked.index, libraries=(asked.library,))
            with open_or_build(settings) as engine:
                print(f"\n{composed_markdown(asked.name, composed(engine, asked.file))}")


@dataclass(frozen=True)
class Composed:
    """The composer's answers to some questions: their sentences by what became of them."""

    questions: int
    sentences: int
    withheld: tuple[str, ...]  # the notices that say so, with their questions
    marked: tuple[str, ...]  # sentences shown as borne out in part or not at all


def composed(engine: Engine, file: Path) -> Composed:
    """Asks the development questions of a file and looks for sentences that the check took from the answers."""
    sentences = 0
    withheld: list[str] = []
    marked: list[str] = []
    questions = [one.question for one in development_questions(file)]
    for question in questions:
        answer = engine.answer(question)
        sentences += len(answer.sentences)
        withheld += [f"{question}: {notice.text}" for notice in answer.notices if "withheld" in notice.text]
        marked += [f"{question}: {one.text}" for one in answer.sentences if one.verdict in ("partly", "unsupported")]
    return Composed(len(questions), sentences, tuple(withheld), tuple(marked))


def composed_markdown(name: str, found: Composed) -> str:
    lines = [
        f"Composed answers to the {found.questions} development questions of {name}: {found.sentences} sentences,"
        f" {len(found.withheld)} answers with sentences withheld, {len(found.marked)} sentences marked."
    ]
    return "\n".join([*lines, *(f"- {one}" for one in (*found.withheld, *found.marked))])


def told_by_length(path: Path) -> tuple[float, float]:
    """How often a supported pair is longer than another, by words of the sentence and of the evidence.

    Returns: the area under the ROC curve of each length; 0.5 where length tells nothing.
    """
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    evidence = [row["evidence"] if isinstance(row["evidence"], str) else " ".join(row["evidence"]) for row in rows]
    good = [row["verdict"] == "supported" for row in rows]

    def area(texts: Sequence[str]) -> float:
        lengths = [len(text.split()) for text in texts]
        ours = [length for length, right in zip(lengths, good, strict=True) if right]
        others = [length for length, right in zip(lengths, good, strict=True) if not right]
        won = sum((one > other) + 0.5 * (one == other) for one in ours for other in others)
        return won / max(len(ours) * len(others), 1)

    return area([row["sentence"] for row in rows]), area(evidence)


def judged(path: Path, encoder: TextEncoder | None) -> tuple[Judged, ...]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    found = []
    for row in rows:
        evidence = [row["evidence"]] if isinstance(row["evidence"], str) else row["evidence"]
        found.append(
            Judged(row["id"], row["kind"], row["verdict"], judge(row["sentence"], evidence, encoder=encoder).verdict)
        )
    return tuple(found)


def authors_markdown(folder: Path, encoder: TextEncoder | None) -> str:
    """One line an author: what the check says of every eighth of their groups."""
    lines = ["| author | pairs | precision | recall |", "|---|---|---|---|"]
    for path in sorted(folder.glob("*.jsonl"), key=lambda path: int(path.stem[1:])):
        done = grouped(path, EVERY, encoder)
        precision, recall = scores(done, strict=False)
        lines.append(f"| {path.stem} | {len(done)} | {precision:.3f} | {recall:.3f} |")
    return "\n".join(lines)


def grouped(path: Path, every: int, encoder: TextEncoder | None) -> tuple[Judged, ...]:
    """The verdicts on every so many groups of a file, each a text with sentences around it."""
    found = []
    for line in path.read_text("utf-8").splitlines()[::every]:
        group = json.loads(line)
        for number, pair in enumerate(group["pairs"]):
            wanted = {"paraphrase": "supported", "partly": "partly"}.get(pair["kind"], "unsupported")
            got = judge(pair["sentence"], [group["evidence"]], encoder=encoder).verdict
            found.append(Judged(f"{group['id']}-{number}", pair["kind"], wanted, got))
    return tuple(found)


def scores(pairs: Sequence[Judged], strict: bool) -> tuple[float, float]:
    """Precision and recall of "not supported".

    Args:
        strict: whether only "unsupported" counts as having been refused.
    """
    refused = [pair for pair in pairs if (pair.got == "unsupported" if strict else pair.got != "supported")]
    wrong = [pair for pair in pairs if pair.wanted != "supported"]
    right = sum(pair.wanted != "supported" for pair in refused)
    return right / max(len(refused), 1), right / max(len(wrong), 1)


def verify_markdown(name: str, pairs: Sequence[Judged]) -> str:
    """One table: what became of every kind, then both scores."""
    lines = [
        f"{name}: {len(pairs)} pairs",
        "",
        "| kind | pairs | supported | partly | unsupported | right |",
        "|---|---|---|---|---|---|",
    ]
    for kind in dict.fromkeys(pair.kind for pair in pairs):
        own = [pair for pair in pairs if pair.kind == kind]
        counts = [sum(pair.got == verdict for pair in own) for verdict in ("supported", "partly", "unsupported")]
        right = sum((pair.got == "supported") == (pair.wanted == "supported") for pair in own) / len(own)
        lines.append(f"| {kind} | {len(own)} | {' | '.join(map(str, counts))} | {right:.3f} |")
    for told, strict in (("anything but supported", False), ("unsupported alone", True)):
        precision, recall = scores(pairs, strict)
        lines.append(f"\nNot supported as {told}: precision {precision:.3f}, recall {recall:.3f}.")
    return "\n".join(lines)

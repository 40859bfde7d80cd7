"""The verifier over labelled pairs: precision and recall of "not supported", kind by kind.

python -m benchmarks verify

Five sets. `dev` and `held_out` are by the author of the first rules, `fresh`, `second` and `unseen` each by an author
who had seen no rule. All but `unseen` have been tuned on since. What the rules scored on each before that stands in
LOG.md; it is what to expect of pairs by others. `unseen` was only scored with the rules as they are now, and none of
its errors was read: whoever tunes next needs a new one.

"Not supported" is counted in two ways: anything but "supported", and "unsupported" alone (then "partly"
counts as passed).
Each way with the text encoder and by words alone.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cml_mm.answering.verify import judge
from cml_mm.models.minilm import MiniLM
from cml_mm.ports import TextEncoder
from cml_mm.settings import Settings

PAIRS = Path(__file__).with_name("verify_pairs")


@dataclass(frozen=True)
class Judged:
    """One labelled pair with the verdict it got."""

    id: str
    kind: str
    wanted: str
    got: str


def main(library: Path, index: Path) -> None:
    """Args: library, index: not used; every measurement takes them."""
    encoder = MiniLM(Settings.load().models)
    for name in ("dev", "held_out", "fresh", "second", "unseen"):
        for told, used in (("with the text encoder", encoder), ("words alone", None)):
            began = time.process_time()
            done = judged(PAIRS / f"{name}.jsonl", used)
            spent = 1000 * (time.process_time() - began) / max(len(done), 1)
            print(f"\n{verify_markdown(f'{name}, {told}', done)}\n\n{spent:.0f} CPU-ms a pair.")


def judged(path: Path, encoder: TextEncoder | None) -> tuple[Judged, ...]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    found = []
    for row in rows:
        evidence = [row["evidence"]] if isinstance(row["evidence"], str) else row["evidence"]
        found.append(
            Judged(row["id"], row["kind"], row["verdict"], judge(row["sentence"], evidence, encoder=encoder).verdict)
        )
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

"""What writing through the app costs over bare `generate`, on the same random weights in the same run.

python -m benchmarks generation                            # a model of middle size on this machine
python -m benchmarks.measure_generation --gpu qwen3-vl-4b  # real size on a graphics card; also llama-3.2-11b-vision

Per token: on a graphics card the time from the first word to the last over the words between them; on
a processor, which others may be using, the CPU-seconds of the whole answer. To the first token: from the
question to the first word. Runs take turns, so that what else the machine does meets both alike; the least
of the costs per token are compared, and the median of the first words. The weights are random,
so only speed and memory mean anything.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cml_mm.models.chat_loading import find_chat, load_reader, load_weights
from cml_mm.models.chat_streaming import Asked, Speaker, StopSign, placed, speak
from cml_mm.models.local_chat import LocalChatOptions
from cml_mm.ports import Prompt, Still
from tests.support.tiny_models import build_speaking

MIDDLE = {"width": 1024, "layers": 8}
ROUNDS = 15
SAYS = " ".join(f"{number} seeds" for number in range(100, 132))  # two words are a token, none comes twice
NEW_TOKENS = 96
PER_TOKEN_LIMIT = 1.03
FIRST_LIMIT_SECONDS = 0.050
WORDS = "Who decides about the seeds, and where are the keys of the tool shed kept until the next meeting? " * 4


@dataclass(frozen=True)
class Run:
    """One answer. Seconds from the question to the first token, per token from there on; CPU-seconds in all."""

    first_seconds: float
    token_seconds: float
    cpu_seconds: float


def main(library: Path, index: Path) -> None:
    """Measures the model of middle size; the arguments belong to other measurements."""
    import torch

    torch.set_num_threads(1)  # threads that wait for each other on a busy machine would be measured instead
    with tempfile.TemporaryDirectory() as scratch:
        folder = build_speaking("qwen3-vl", Path(scratch) / "middle", SAYS, **MIDDLE)
        options = LocalChatOptions(model=str(folder), device_map="cpu", dtype="float32")
        place = find_chat(options)
        reader = load_reader(place, options)
        measure(Speaker(load_weights(place, reader, options), reader, place.name))


def measure(speaker: Speaker) -> None:
    """Prints the ratios for a question alone and for one with a picture."""
    weights = sum(weight.numel() for weight in speaker.model.parameters())
    print(f"{speaker.name}: {weights / 1e6:,.0f} million weights, {speaker.model.dtype}, {speaker.model.device}")
    for what, stills in (("text", ()), ("a picture", (Still(_picture()),))):
        prompt = Prompt("Answer briefly.", WORDS, stills, NEW_TOKENS)
        bare_runs, our_runs = [], []
        with _least_memory() as bare_memory:
            _bare(speaker, prompt)
        with _least_memory() as our_memory:
            _ours(speaker, prompt)
        for _ in range(ROUNDS):
            bare_runs.append(_bare(speaker, prompt))
            our_runs.append(_ours(speaker, prompt))
        _report(what, bare_runs, our_runs, speaker.model.device.type == "cuda")
        if bare_memory:
            print(f"{what}: memory of the card {our_memory[0] / bare_memory[0]:.3f} of bare ({our_memory[0]:.2f} GiB)")


def _report(what: str, bare: list[Run], ours: list[Run], on_card: bool) -> None:
    token = [statistics.median(run.token_seconds for run in runs) for runs in (bare, ours)]
    cost = [min(run.token_seconds if on_card else run.cpu_seconds for run in runs) for runs in (bare, ours)]
    ratio = cost[1] / cost[0]
    added = statistics.median(o.first_seconds - b.first_seconds for b, o in zip(bare, ours, strict=True))
    first = statistics.median(run.first_seconds for run in bare)
    print(
        f"{what}: per token {ratio:.3f} of bare generate (limit {PER_TOKEN_LIMIT}); "
        f"{1 / token[1]:.1f} against {1 / token[0]:.1f} tokens/s"
    )
    print(
        f"{what}: first token {1000 * added:+.1f} ms (limit +{1000 * FIRST_LIMIT_SECONDS:.0f} ms) "
        f"to bare generate's {1000 * first:.0f} ms"
    )
    if ratio > PER_TOKEN_LIMIT or added > FIRST_LIMIT_SECONDS:
        print(f"{what}: OVER THE LIMIT")


def _bare(speaker: Speaker, prompt: Prompt) -> Run:
    """Transformers alone, from the prompt to the ids; a streamer that keeps the time and nothing else."""
    from transformers.generation.streamers import BaseStreamer

    moments: list[float] = []

    class Clock(BaseStreamer):
        def put(self, value: Any) -> None:
            moments.append(time.perf_counter())

        def end(self) -> None: ...

    started, cpu = time.perf_counter(), time.process_time()
    inputs = placed(speaker.reader.inputs(prompt, 1_048_576), speaker.model)
    speaker.model.generate(**inputs, do_sample=False, max_new_tokens=prompt.max_new_tokens, streamer=Clock())
    return _run(started, cpu, moments[1:])  # the first is the prompt


def _ours(speaker: Speaker, prompt: Prompt) -> Run:
    """Through the app, timed where the pieces come out."""
    started, cpu = time.perf_counter(), time.process_time()
    asked = Asked(prompt, 3600.0, 1_048_576)
    return _run(started, cpu, [time.perf_counter() for piece in speak(speaker, asked, StopSign(3600.0)) if piece])


def _run(started: float, cpu: float, moments: list[float]) -> Run:
    return Run(moments[0] - started, (moments[-1] - moments[0]) / (len(moments) - 1), time.process_time() - cpu)


@contextmanager
def _least_memory() -> Iterator[list[float]]:
    """GiB of the graphics card at the worst moment; an empty list where there is none."""
    import torch

    peak: list[float] = []
    if torch.cuda.is_available():
        torch.cuda.reset_peak_memory_stats()
    yield peak
    if torch.cuda.is_available():
        peak.append(torch.cuda.max_memory_allocated() / 2**30)


def _picture() -> Any:
    return np.random.default_rng(1).integers(0, 256, (448, 448, 3), np.uint8)


def on_gpu(name: str) -> None:
    """A model of real size with random weights on a graphics card."""
    import torch

    from benchmarks.real_sizes import real_speaker

    if not torch.cuda.is_available():
        raise SystemExit("No graphics card here: nothing was measured.")
    with tempfile.TemporaryDirectory() as scratch:
        measure(real_speaker(name, Path(scratch), "cuda", SAYS))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gpu", choices=["qwen3-vl-4b", "llama-3.2-11b-vision"])
    chosen = parser.parse_args()
    if chosen.gpu:
        on_gpu(chosen.gpu)
    else:
        main(Path(), Path())

"""The process in which Pocketsphinx hears one utterance after the other. Standard library and pocketsphinx only.

It holds Python's lock while it listens, many seconds at a time: in the process that serves, every page would stand
still meanwhile. In comes an utterance as its length and its samples, out goes a line of JSON with its words.
"""

from __future__ import annotations

import json
import struct
import sys
from typing import IO, Any

LENGTH = struct.Struct("<I")  # bytes that follow
SAMPLES_A_SECOND = 16_000
_FRAMES_A_SECOND = 100
# How many states are looked at in a hundredth of a second: a third of what is usual costs less and hears as well.
_MOST_STATES = 10_000
_NO_WORD = ("<", "[", "+")  # silences, noises, the utterance's ends


def main() -> None:
    """Answers until there is nothing more to hear."""
    from pocketsphinx import Decoder

    answers = sys.stdout
    decoder = Decoder(samprate=SAMPLES_A_SECOND, loglevel="FATAL", maxhmmpf=_MOST_STATES)
    while (samples := _next(sys.stdin.buffer)) is not None:
        answers.write(json.dumps(listened(decoder, samples)) + "\n")
        answers.flush()


def _next(asked: IO[bytes]) -> bytes | None:
    head = asked.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    samples = asked.read(length)
    return samples if len(samples) == length else None


def listened(decoder: Any, samples: bytes) -> list[tuple[str, float, float, float]]:
    """Words with their seconds from the utterance's start, and how probable each is among all that was weighed."""
    decoder.reinit_feat()  # what was heard before would tinge it, and the same sound must give the same words
    decoder.start_utt()
    decoder.process_raw(samples, full_utt=True)
    decoder.end_utt()
    if decoder.hyp() is None:
        return []
    return [
        (
            part.word.partition("(")[0],  # "the(2)" is the second of its pronunciations
            part.start_frame / _FRAMES_A_SECOND,
            (part.end_frame + 1) / _FRAMES_A_SECOND,
            float(part.prob),
        )
        for part in decoder.seg()
        if not part.word.startswith(_NO_WORD)
    ]


if __name__ == "__main__":
    main()

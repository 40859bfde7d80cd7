"""A voice made of nothing but arithmetic: pulses through moving resonances, as vowels are, with breaths and hisses.

No human said it and no words are in it, but what tells speech from other sounds takes it for speech.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cml_mm.models.hearing import SAMPLES_A_SECOND

# The first three resonances of vowels, in hertz (after Peterson and Barney 1952).
_VOWELS = (
    (730, 1090, 2440),
    (270, 2290, 3010),
    (530, 1840, 2480),
    (300, 870, 2240),
    (570, 840, 2410),
    (660, 1720, 2410),
)
_BANDS = (80.0, 100.0, 140.0)  # hertz, how wide each resonance is
_SYLLABLE_SECONDS = 0.22
_HISS_SECONDS = 0.06


def voice(seconds: float, seed: int = 7) -> NDArray[np.float32]:
    """Syllables without meaning.

    Args:
        seed: of which vowels follow each other.

    Returns: mono samples, 16,000 a second, from -1 to 1.
    """
    random = np.random.default_rng(seed)
    parts = [_syllable(random, place) for place in range(int(np.ceil(seconds / _SYLLABLE_SECONDS)))]
    sound = np.concatenate(parts)[: round(seconds * SAMPLES_A_SECOND)]
    return np.asarray(0.5 * sound / np.abs(sound).max(), dtype=np.float32)


def _syllable(random: np.random.Generator, place: int) -> NDArray[np.float64]:
    count = round(_SYLLABLE_SECONDS * SAMPLES_A_SECOND)
    pitch = 125 + 20 * np.sin(place * 0.9) - 15 * np.linspace(0, 1, count)
    turns = np.cumsum(pitch / SAMPLES_A_SECOND)
    pulses = np.diff(np.floor(turns), prepend=0.0) + 0.004 * random.standard_normal(count)
    first, last = (np.array(_VOWELS[random.integers(len(_VOWELS))]) for _ in range(2))
    voiced = pulses
    for resonance in range(3):
        voiced = _resonated(voiced, np.linspace(first[resonance], last[resonance], count), _BANDS[resonance])
    loud = np.sin(np.linspace(0.15, np.pi, count)) ** 0.6
    hiss = np.zeros(count)
    hissed = round(_HISS_SECONDS * SAMPLES_A_SECOND)
    hiss[:hissed] = np.diff(random.standard_normal(hissed + 1)) * np.hanning(hissed)
    return voiced / np.abs(voiced).max() * loud + 0.08 * hiss


def _resonated(sound: NDArray[np.float64], hertz: NDArray[np.float64], band: float) -> NDArray[np.float64]:
    """A resonance of the second order whose frequency moves (Klatt 1980, "Software for a formant synthesizer")."""
    radius = np.exp(-np.pi * band / SAMPLES_A_SECOND)
    second = 2 * radius * np.cos(2 * np.pi * hertz / SAMPLES_A_SECOND)
    third = -(radius**2)
    found = np.zeros(len(sound))
    before = earlier = 0.0
    for place, value in enumerate(sound):
        found[place] = (1 - second[place] - third) * value + second[place] * before + third * earlier
        earlier, before = before, found[place]
    return found

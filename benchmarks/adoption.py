"""Everything found of given adopters, with its sentence, to be read against the page and judged by hand.

python -m benchmarks.adoption LIBRARY [NAME …] [--sample 60] [--seed 1]

A result is right when the quote says that the adopter does what the page's pattern is about.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from pathlib import Path

from cml_mm.corpus.adoption import NamedAdoption, read_adoptions, settle_adopters
from cml_mm.corpus.library import load_library
from cml_mm.corpus.names import name_key
from cml_mm.types import Adoption, Library

# Named in LOG.md before the reader was built.
ADOPTERS = (
    "Buurtzorg",
    "Mondragon",
    "Patagonia",
    "Vienna",
    "Barcelona",
    "Toyota",
    "Spotify",
    "Wikipedia",
    "Zappos",
    "Porto Alegre",
)
SAMPLE = 60
LIMIT_SECONDS = 6  # CPU, on top of reading the library


def main(library: Path, index: Path) -> None:
    measure(library, ADOPTERS, SAMPLE, seed=1)


def measure(library: Path, names: Sequence[str], sample: int, seed: int) -> None:
    """Print all results of the named adopters and a random sample of the others."""
    read = load_library([library])
    began = time.process_time()
    found = [one for page in read.patterns for one in read_adoptions(page.slug, "pattern", page.sections)]
    settled = _settle(read, found)
    seconds = time.process_time() - began
    asked: dict[str, list[Adoption]] = {name: [one for one in settled if _is(name, one)] for name in names}
    for name, ones in asked.items():
        print(f"\n{name}: {len(ones)}")
        for one in ones:
            _print(one)
    named = {one for ones in asked.values() for one in ones}
    others = [one for one in settled if one not in named]
    print(f"\n{min(sample, len(others))} of {len(others):,} of others, seed {seed}")
    for one in random.Random(seed).sample(others, min(sample, len(others))):
        _print(one)
    adopters = len({one.adopter_slug for one in settled})
    print(f"\n{len(settled):,} adoptions by {adopters:,} adopters in {seconds:.1f} CPU-s", end=" ")
    print(f"= {seconds / LIMIT_SECONDS:.2f} of the limit of {LIMIT_SECONDS} CPU-s")


def _settle(read: Library, found: Sequence[NamedAdoption]) -> tuple[Adoption, ...]:
    titles = {page.slug: page.title for page in read.lighthouses}
    patterns = {name_key(name) for page in read.patterns for name in (page.title, *page.aliases)}
    return settle_adopters(found, titles, patterns)


def _is(name: str, one: Adoption) -> bool:
    """Whether an adopter goes by a name, also where its own adds words of kind ("… Corporation")."""
    return f"{name_key(one.adopter)} ".startswith(f"{name_key(name)} ")


def _print(one: Adoption) -> None:
    print(f"  [{one.adopter} | {one.pattern} | {one.span.fragment()}] {' '.join(one.quote.split())}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.adoption", description=__doc__)
    parser.add_argument("library", type=Path)
    parser.add_argument("names", nargs="*", default=list(ADOPTERS))
    parser.add_argument("--sample", type=int, default=SAMPLE)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    measure(options.library, options.names, options.sample, options.seed)

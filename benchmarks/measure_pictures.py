"""The same picture again: found rightly, named wrongly, and at what cost among 2,000 pictures."""

from __future__ import annotations

import random
import time
from pathlib import Path

from benchmarks.made_pictures import WAYS, made_page, made_slide
from cml_mm.media.picture_match import PictureShelf, features_of

SHELF = 2_000
ASKED = 30  # of each way and kind
LIMIT_CPU_SECONDS = 1.0
MADE = (made_page, made_slide)


def main(library: Path, index: Path) -> None:
    began = time.process_time()
    found = [features_of(MADE[seed % 2](seed), str(seed)) for seed in range(SHELF)]
    shelf = PictureShelf([one for one in found if one is not None])
    each = 1000 * (time.process_time() - began) / SHELF
    print(f"{len(shelf.pictures)} pictures: {each:.0f} CPU-ms each to draw and read")
    costs: list[float] = []
    for kind in (0, 1):
        for way, change in WAYS.items():
            chance = random.Random(f"{way}-{kind}")
            right = wrong = 0
            for _ in range(ASKED):
                seed = chance.randrange(SHELF // 2) * 2 + kind
                names, cost = _asked(shelf, change(MADE[kind](seed), chance))
                costs.append(cost)
                right += names[:1] == [str(seed)]
                wrong += bool(names) and names[0] != str(seed)
            print(f"  {way} of a {'slide' if kind else 'page'}: {right} of {ASKED} found, {wrong} named wrongly")
    strangers = 0
    for at in range(2 * ASKED):
        chance = random.Random(at)
        names, cost = _asked(shelf, WAYS[list(WAYS)[at % 3]](MADE[at % 2](10**6 + at), chance))
        costs.append(cost)
        strangers += bool(names)
    print(f"  never seen: {strangers} of {2 * ASKED} named wrongly")
    costs.sort()
    worst = costs[-1]
    print(
        f"  CPU-s a question: median {costs[len(costs) // 2]:.2f}, worst {worst:.2f},"
        f" {worst / LIMIT_CPU_SECONDS:.2f} of the limit"
    )


def _asked(shelf: PictureShelf, picture: object) -> tuple[list[str], float]:
    """The faces named, best first, and the CPU-seconds from picture to answer."""
    began = time.process_time()
    features = features_of(picture, "")  # type: ignore[arg-type]
    seen = shelf.find(features) if features else ()
    return [shelf.pictures[one.row].face for one in seen], time.process_time() - began

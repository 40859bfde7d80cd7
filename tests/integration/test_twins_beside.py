"""Two pages that say nearly the same: the answer shows one, and the other stands beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cml_mm.engine import Engine
from cml_mm.settings import Settings

TEXT = "Neighbours keep one shed of drills, ladders and saws, so that no house buys what it needs twice a year."
PAGES = {
    "tool-shed": ("Shared Tool Shed", TEXT),
    "shared-tool-shed-guide": ("Shared Tool Shed Guide", TEXT),
    "seed-box": ("Seed Box", "Gardeners put seeds that they have saved into one box and take others home."),
    "bread-oven": ("Bread Oven", "A street bakes on one day a week in one oven that stands in the open."),
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Engine]:
    root: Path = tmp_path_factory.mktemp("twins")
    folder = root / "library" / "_patterns"
    folder.mkdir(parents=True)
    for slug, (title, text) in PAGES.items():
        head = f"---\nslug: {slug}\ntitle: {title}\nsummary: {text}\n---\n"
        (folder / f"{slug}.md").write_text(f"{head}\n## Context\n\n{text}\n\n## Solution\n\n{text}\n", "utf-8")
    own = replace(settings, index=root / "index", libraries=(root / "library",))
    Engine.build(own)
    with Engine.open(own) as opened:
        yield opened


def test_one_is_shown_and_the_other_linked(engine: Engine) -> None:
    answer = engine.answer("Every house buys drills and ladders that are needed twice a year. What can neighbours do?")
    first = answer.ranked[0]
    other = {"tool-shed": "shared-tool-shed-guide", "shared-tool-shed-guide": "tool-shed"}[first]
    cited = {item.source.slug for item in answer.evidence}
    assert first in cited
    assert other not in cited
    beside = {item.source.slug: item for item in answer.considered}
    assert beside[other].found_by == (f"nearly the same as {PAGES[first][0]}",)
    assert beside[other].quote in beside[other].passage


def test_a_twin_that_is_asked_for_by_name_is_shown(engine: Engine) -> None:
    answer = engine.answer("What is the Shared Tool Shed Guide?")
    assert "shared-tool-shed-guide" in {item.source.slug for item in answer.evidence}

"""Relations that nobody checked never pass for trusted ones: an answer that uses them says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cml_mm.engine import Engine
from cml_mm.models.minilm import MiniLM
from cml_mm.settings import Settings

PAGE = """---
slug: {slug}
title: {title}
summary: {title} is one of two pages of this small library.
relationships:
  {kind}:
    - slug: {other}
      weight: 0.8
---

### Section 1: Context

{title} is needed where neighbours share one workshop and its keys.
"""


@pytest.fixture(scope="module")
def engine(encoder: MiniLM, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    place = tmp_path_factory.mktemp("layers")
    library = place / "patterns"
    library.mkdir()
    _write(library, "key-board", "Key Board", "tensions_with", "open-door")
    _write(library, "open-door", "Open Door", "enables", "key-board")
    settings = replace(Settings.load({}), models=Settings.load().models, index=place / "index", libraries=(library,))
    Engine.build(settings)
    with Engine.open(settings) as opened:
        yield opened


def _write(library: Path, slug: str, title: str, kind: str, other: str) -> None:
    (library / f"{slug}.md").write_text(PAGE.format(slug=slug, title=title, kind=kind, other=other), "utf-8")


@pytest.mark.parametrize(
    "question",
    ["What does Open Door enable?", "What is in tension with Key Board?", "How does Open Door lead to Key Board?"],
)
def test_machine_made_relations_are_named_as_such(engine: Engine, question: str) -> None:
    answer = engine.answer(question)
    assert {relation.layer for item in answer.evidence for relation in item.path} == {"machine"}
    assert any("nobody has checked them" in notice.text for notice in answer.notices)


def test_a_situation_and_a_comparison_leave_them_out(engine: Engine) -> None:
    for question in ("neighbours share one workshop and its keys", "Open Door versus Key Board"):
        answer = engine.answer(question)
        assert not any(item.path for item in answer.evidence)

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cml_mm.engine import Engine
from cml_mm.models.minilm import MiniLM
from cml_mm.settings import Settings


@pytest.fixture(scope="session")
def settings(encoder: MiniLM, starter_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The starter library, indexed for this run alone."""
    index = tmp_path_factory.mktemp("index") / "starter"
    places = {"index": index, "models": Settings.load().models, "data": tmp_path_factory.mktemp("data")}
    made = replace(Settings.load({}), libraries=(starter_library,), **places)
    Engine.build(made)
    return made


@pytest.fixture(scope="session")
def engine(settings: Settings) -> Iterator[Engine]:
    with Engine.open(settings) as opened:
        yield opened

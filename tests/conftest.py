"""Fixtures for all tests, and the rules about skipping."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from cml_mm.models.minilm import MiniLM
from cml_mm.models.minilm_export import export_minilm
from cml_mm.settings import Settings

# No test may reach for a model hub; set before anything imports huggingface_hub.
os.environ["HF_HUB_OFFLINE"] = "1"

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
SHARED_MISSING = "../shared is not here"


@pytest.fixture(scope="session")
def starter_library() -> Path:
    """The library that is shipped with the app."""
    return ROOT / "indexes" / "starter"


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The real library and the question sets beside the repository; skips where they are missing."""
    if not SHARED.is_dir():
        pytest.skip(SHARED_MISSING)
    return SHARED


@pytest.fixture(scope="session")
def encoder() -> MiniLM:
    """The real embedded text encoder, made first if set-up has not."""
    folder = Settings.load().models
    export_minilm(folder)
    return MiniLM(folder)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A family's name → a tiny checkpoint of it with random weights (tests.support.tiny_models), made once."""
    made: dict[str, Path] = {}

    def make(family: str) -> Path:
        from tests.support.tiny_models import build

        if family not in made:
            made[family] = build(family, tmp_path_factory.mktemp("tiny") / family)
        return made[family]

    return make


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Under .ci/run a browser test that skips itself fails: it has checked nothing."""
    report = yield
    required = os.environ.get("CML_REQUIRE_BROWSER") == "1" and item.get_closest_marker("e2e")
    if required and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and CML_REQUIRE_BROWSER=1: {reason}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Names what was not checked because the shared material is missing."""
    skipped = [
        report.nodeid
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple) and SHARED_MISSING in report.longrepr[2]
    ]
    if skipped:
        terminalreporter.section("NOT CHECKED, because ../shared is missing", red=True, bold=True)
        for nodeid in skipped:
            terminalreporter.write_line(nodeid)

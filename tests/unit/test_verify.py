"""The verifier must refuse what the evidence does not say."""

from __future__ import annotations

import pytest

from cml_mm.answering.verify import statement, verify
from cml_mm.types import Edge, Evidence, Relation, Sentence, Source, TextSpan

SOURCE = Source("0" * 64, "Role Rotation", "pattern", "role-rotation", "patterns/r.md", "CC-BY-SA-4.0", "CML")
PASSAGE = "Roles change hands every 6 months, so that no member carries a chore for years."
TEXT = Evidence(1, SOURCE, TextSpan("Solution", 0, len(PASSAGE)), "Solution", PASSAGE, PASSAGE)
RELATION = Relation(
    "REQUIRES",
    "role-rotation",
    "visible-work",
    "curated",
    "A chore must be written down as a task on the wall list.",
    subject_title="Role Rotation",
    object_title="Visible Work",
)
SAID = f"{statement('Role Rotation', 'REQUIRES', 'Visible Work')}. {RELATION.reason}"
EDGE = Evidence(
    2,
    SOURCE,
    Edge("role-rotation", "REQUIRES", "visible-work"),
    "Relation",
    SAID,
    RELATION.reason,
    path=(RELATION,),
)
EVIDENCE = {1: TEXT, 2: EDGE}


def judged(text: str, *cites: int) -> str:
    return verify(Sentence(text, cites, "not_checked"), EVIDENCE)


@pytest.mark.parametrize(
    ("text", "cites"),
    [
        (
            "Role Rotation fits best: “Roles change hands every 6 months, so that no member carries a chore.”",
            (1,),
        ),
        ("Role Rotation requires Visible Work: a chore must be written down as a task on the wall list.", (2,)),
        ("Its core advice: roles change hands every 6 months.", (1,)),
    ],
)
def test_what_the_source_says_is_supported(text: str, cites: tuple[int, ...]) -> None:
    assert judged(text, *cites) == "supported"


@pytest.mark.parametrize(
    ("why", "text", "cites"),
    [
        ("another number", "Roles change hands every 12 months.", (1,)),
        (
            "a negation that is not there",
            "Role Rotation requires Visible Work: a chore must not be written down as a task on the wall list.",
            (2,),
        ),
        ("the wrong direction", "Visible Work requires Role Rotation: a task on the list.", (2,)),
        ("another relation", "Role Rotation enables Visible Work.", (2,)),
        ("an end left out", "Role Rotation requires a task on the list.", (2,)),
        ("a citation that does not exist", "Roles change hands every 6 months.", (7,)),
        ("words from elsewhere", "Blockchain tokens reward early investors handsomely.", (1,)),
    ],
)
def test_what_it_does_not_say_is_unsupported(why: str, text: str, cites: tuple[int, ...]) -> None:
    assert judged(text, *cites) == "unsupported", why


def test_half_of_it_is_partly() -> None:
    assert judged("Roles change hands every 6 months and members cheer loudly.", 1) == "partly"


def test_without_a_citation_nothing_was_checked() -> None:
    assert judged("Roles change hands every 6 months.") == "not_checked"

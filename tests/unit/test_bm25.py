"""BM25: the same scores as the reference library, and the same from parts as from one whole."""

from __future__ import annotations

from pathlib import Path

import bm25s
import numpy as np
import pytest

from cml_mm import prose
from cml_mm.graph.bm25 import K1, B, Bm25, Postings

TEXTS = (
    "The ditch is cleaned by those who draw water from it.",
    "A fund for members who fall ill, paid monthly; the fund is open to all members.",
    "Section 83b and the 5S method, read aloud.",
    "Members clean the kitchen on Fridays. Members who cannot come send somebody.",
    "",
)


def asked(text: str) -> list[str]:
    return prose.terms(text)


@pytest.mark.parametrize("question", ["members of the fund", "83b", "who cleans the ditch", "5S 5S", "zebra"])
def test_scores_are_those_of_the_reference_library(question: str) -> None:
    reference = bm25s.BM25(k1=K1, b=B, method="lucene")
    reference.index([prose.terms(text) or ["\u2205"] for text in TEXTS[:4]], show_progress=False)
    ours = Bm25.of_pages(Postings.build(TEXTS[:4]))
    terms = asked(question)
    known = [term for term in terms if ours.document_frequency(term)]
    wanted = reference.get_scores(known) if known else np.zeros(4)
    assert np.allclose(ours.scores(terms), wanted, rtol=1e-5)
    assert bool(known) == (question != "zebra")


def test_parts_score_exactly_as_one_whole(tmp_path: Path) -> None:
    changed = ("A fund against fire.", TEXTS[1], "A new page about water and members.")
    whole = Bm25.of_pages(Postings.build([changed[0], TEXTS[1], TEXTS[3], changed[2], TEXTS[4]]))
    Postings.build(TEXTS).save(tmp_path / "base")
    Postings.build([changed[0], changed[2]]).save(tmp_path / "change")
    base, change = Postings.load(tmp_path / "base"), Postings.load(tmp_path / "change")
    # page 0 was rewritten, page 2 is gone, one page is new
    parts = Bm25([(base, np.array([-1, 1, -1, 2, 4])), (change, np.array([0, 3]))])
    assert parts.documents == whole.documents == 5
    for question in ("fund water members", "83b", "ditch", "kitchen Fridays fire"):
        assert np.array_equal(parts.scores(asked(question)), whole.scores(asked(question)))
        assert [parts.idf(term) for term in asked(question)] == [whole.idf(term) for term in asked(question)]
    assert parts.document_frequency(prose.stem("ditch")) == 0

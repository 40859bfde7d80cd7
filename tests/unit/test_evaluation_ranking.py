"""Scores of rankings, refusal curves, ablations, personas and retrieval sets, by hand-computed cases."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from xml.etree import ElementTree

import pytest

from benchmarks.perturbed import misspell, untitled, with_typos
from cml_mm.errors import InputError, MediaUnreadable
from cml_mm.evaluation.ablation import Ablation, LeftOut, Wanted, ablate
from cml_mm.evaluation.outcomes import Outcome
from cml_mm.evaluation.passage_sets import PassageQuestion, PassageSet, read_passage_set
from cml_mm.evaluation.personas import ask_as_two, personas_of
from cml_mm.evaluation.plots import plot_kinds, plot_refusals, plot_stages
from cml_mm.evaluation.questions import Question
from cml_mm.evaluation.rank_scores import NO_SCORES, Judged, RankScores, ndcg, recall, score_rankings
from cml_mm.evaluation.refusals import best_points, refusal_curve
from cml_mm.evaluation.scores import Found, KindScores, Tally
from cml_mm.ports import Cancelled
from cml_mm.retrieval.passages import Passage
from cml_mm.retrieval.stages import PAGE_STAGES, PASSAGE_STAGES, STAGE_NAMES, Stages
from cml_mm.talk import LIBRARY_ONLY, NO_TALK, Facet, Scope, Talk
from cml_mm.types import Answer, AnswerReady, AskEvent, Sentence
from tests.support.fake_engine import FakeEngine

CITY = Facet("persona", "City", "City", "chosen")
FOUNDER = Facet("persona", "Founder", "Founder", "chosen")
ANSWER = Answer("?", "Title", (), (), "answered", "nobody", 1.0)


def test_recall_and_ndcg_of_one_ranking() -> None:
    judged = Judged(("a", "x", "b", "y", "z", "c"), ("a", "b", "c"))
    assert recall(2, judged) == pytest.approx(1 / 3)
    assert recall(5, judged) == pytest.approx(2 / 3)
    best = 1 + 1 / math.log2(3) + 1 / 2
    assert ndcg(10, judged) == pytest.approx((1 + 1 / 2 + 1 / math.log2(7)) / best)
    assert ndcg(2, judged) == pytest.approx(1 / (1 + 1 / math.log2(3)))
    assert ndcg(10, Judged((), ("a",))) == 0.0


def test_means_over_rankings() -> None:
    scores = score_rankings(
        [
            Judged(("a", "b"), ("a", "b")),
            Judged(("x", "y", "c"), ("c", "d"), also_ok=("y",)),
            Judged(("1", "2", "3", "4", "5", "e"), ("e",), also_ok=("6",)),
            Judged(("x", "ok"), ("g",), also_ok=("ok",)),
        ]
    )
    assert (scores.questions, scores.recall2, scores.recall5) == (4, 0.25, 0.375)
    assert scores.whole5 == 0.25
    assert scores.hit5 == 0.75  # the lenient page counts here
    assert scores.recall10 == pytest.approx((1 + 0.5 + 1 + 0) / 4)
    spread = math.sqrt(((1 - 0.375) ** 2 + (0.5 - 0.375) ** 2 + 2 * 0.375**2) / 4)
    assert scores.recall5_error == pytest.approx(spread / 2)
    assert score_rankings([]) == NO_SCORES


def test_an_ablation_leaves_out_one_stage_at_a_time_and_what_the_question_names() -> None:
    seen: list[Stages] = []

    def rank(question: str, stages: Stages) -> list[str]:
        seen.append(stages)
        return ["named", "right", "right", "wrong"] if stages.meaning else ["named", *"123456789", "right"]

    wanted = [Wanted("q", ("right",), subject=("named",))]
    steps: list[tuple[int, int]] = []
    made = ablate("tiny", wanted, rank, ("words", "meaning"), lambda done, of: steps.append((done, of)))
    assert seen == [Stages(), Stages().without("words"), Stages().without("meaning")]
    assert made.whole.ndcg10 == 1.0  # first, because the named page is taken out
    assert [(row.stage, row.unchanged) for row in made.rows] == [("words", True), ("meaning", False)]
    assert made.rows[1].scores.hit5 == 0.0 and made.rows[1].scores.recall10 == 1.0
    assert steps == [(1, 2), (2, 2)]


def test_every_stage_acts_on_pages_or_on_passages() -> None:
    assert {*PAGE_STAGES, *PASSAGE_STAGES} == set(STAGE_NAMES)


def outcome(kind: str, confidence: float, refused: bool = False) -> Outcome:
    gold = () if kind == "unanswerable" else ("a",)
    status = "not_in_library" if refused else "answered"
    return Outcome(Question("q", "?", kind, gold=gold), replace(ANSWER, confidence=confidence, status=status))


def test_the_refusal_curve_by_hand() -> None:
    outcomes = [
        outcome("problem", 0.9),
        outcome("problem", 0.6),
        outcome("problem", 0.5),
        outcome("problem", 0.2, refused=True),
        outcome("unanswerable", 0.1, refused=True),
        outcome("unanswerable", 0.5),
    ]
    curve = refusal_curve(outcomes)
    assert curve is not None and (curve.answerable, curve.unanswerable) == (4, 2)
    assert [(point.wrongly, point.rightly) for point in curve.points] == [
        (0.0, 0.0),
        (0.0, 0.5),
        (0.25, 0.5),
        (0.5, 1.0),
        (0.75, 1.0),
        (1.0, 1.0),
    ]
    assert curve.points[1].threshold == pytest.approx(0.15)
    assert (curve.operating.wrongly, curve.operating.rightly) == (0.25, 0.5)
    assert curve.operating.threshold == pytest.approx(0.35)
    assert curve.area == pytest.approx((4 + 2.5) / 8)  # 0.1 lies below all, 0.5 below two, level with one
    assert [(point.rightly, point.wrongly) for point in best_points(curve)] == [(0.5, 0.0), (1.0, 0.5)]


def test_a_question_sent_back_has_no_confidence_and_one_kind_alone_no_curve() -> None:
    empty = Question("q", "?", "unanswerable")
    curve = refusal_curve([outcome("problem", 0.4), Outcome(empty, None)])
    assert curve is not None and curve.area == 1.0
    assert (curve.operating.wrongly, curve.operating.rightly) == (0.0, 1.0)
    assert refusal_curve([outcome("problem", 0.4)]) is None
    assert refusal_curve([outcome("unanswerable", 0.4)]) is None


class PersonaEngine(FakeEngine):
    """Ranks and words an answer by the persona that was chosen; "same" in a question ignores it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked_as: list[str] = []

    def ask(
        self, question: str, cancelled: Cancelled | None = None, talk: Talk = NO_TALK, scope: Scope = LIBRARY_ONLY
    ) -> Iterator[AskEvent]:
        if "advice" in question:
            raise InputError("No.", "Ask else.")
        persona = talk.chosen[0].value
        self.asked_as.append(persona)
        who = "all" if "same" in question else persona
        said = (Sentence(f"For {who}.", (), "supported"),)
        own = {"all": ("a", "b"), "City": ("a", "c"), "Founder": ("a", "d", "e", "f")}[who]
        yield AnswerReady(replace(ANSWER, sentences=said, ranked=own))


def test_the_same_question_as_two_personas() -> None:
    engine = PersonaEngine()
    questions = [
        Question("1", "one", "persona", gold=("c",), personas=("founder",)),
        Question("2", "the same", "problem", gold=("b",)),
        Question("3", "a relation", "relation", gold=("b",)),
        Question("4", "advice", "problem", gold=("b",)),
    ]
    found = ask_as_two(engine, questions, (CITY, FOUNDER))
    assert found is not None
    assert engine.asked_as == ["Founder", "City", "Founder", "City"]  # its own persona first, else in turn
    first, second = found.pairs
    assert (first.personas, first.overlap, first.other_words, first.right) == (("Founder", "City"), 0.25, True, 1)
    assert (second.overlap, second.other_words, second.right) == (1.0, False, 2)
    assert (found.overlap, found.differing, found.right) == (0.625, 0.5, 0.75)
    assert ask_as_two(engine, questions, (CITY,)) is None
    assert ask_as_two(engine, questions[2:3], (CITY, FOUNDER)) is None


def test_personas_come_from_the_questions_and_then_from_the_library() -> None:
    team = Facet("persona", "team", "A team", "chosen")
    known = (FOUNDER, Facet("scale", "City", "City"), CITY, team)
    asked = [Question("1", "?", "persona", gold=("a",), personas=("a TEAM", "city", "elder"))]
    assert personas_of(known, asked) == (team, CITY)  # by label and by value; nobody knows the elder
    assert personas_of(known, []) == (FOUNDER, CITY, team)
    assert personas_of([], asked) == ()


def write(folder: Path, corpus: list[object], queries: list[object]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, rows in (("corpus", corpus), ("queries", queries)):
        (folder / f"{name}.jsonl").write_text("\n".join(json.dumps(row) for row in rows) + "\n", "utf-8")
    return folder


KEY = {"id": 7, "title": "Key Board", "text": "Each key has a hook.\u2028It hangs there.", "more": 1}
SHED = {"id": "shed", "title": "", "text": "Tools sleep here."}
ASKED = {"id": "q", "question": "Where is the key?", "gold": [7, "shed", 7]}


def test_a_retrieval_set_is_read(tmp_path: Path) -> None:
    made = read_passage_set(write(tmp_path / "tiny", [KEY, SHED], [ASKED]))
    assert made.name == "tiny"
    assert made.passages == (Passage("7", "Key Board", KEY["text"]), Passage("shed", "", "Tools sleep here."))
    assert made.questions == (PassageQuestion("q", "Where is the key?", ("7", "shed")),)


@pytest.mark.parametrize(
    ("corpus", "queries", "message"),
    [
        ([KEY, KEY], [ASKED], "Line 2 of .*corpus.jsonl repeats the id '7'"),
        ([KEY, SHED], [ASKED, ASKED], "Line 2 of .*queries.jsonl repeats the id 'q'"),
        ([KEY], [ASKED], "needs 'shed', which the corpus lacks"),
        ([KEY], [], "holds no question"),
        ([{**KEY, "id": None}], [ASKED], 'Line 1 of .* no usable "id"'),
        ([{**KEY, "text": 3}], [ASKED], 'no usable "text"'),
        ([KEY], [{**ASKED, "gold": []}], 'no usable "gold"'),
        ([KEY], [{**ASKED, "question": " "}], 'no usable "question"'),
        ([[1]], [ASKED], "no JSON object"),
    ],
)
def test_a_set_that_cannot_be_used_names_the_line(
    tmp_path: Path, corpus: list[object], queries: list[object], message: str
) -> None:
    with pytest.raises((InputError, MediaUnreadable), match=message) as caught:
        read_passage_set(write(tmp_path / "set", corpus, queries))
    assert caught.value.hint


def test_a_missing_folder_and_broken_json_are_errors(tmp_path: Path) -> None:
    with pytest.raises(MediaUnreadable, match="cannot be read"):
        read_passage_set(tmp_path / "none")
    folder = write(tmp_path / "broken", [KEY], [ASKED])
    (folder / "corpus.jsonl").write_text("{", "utf-8")
    with pytest.raises(MediaUnreadable, match=r"Line 1 of .*corpus\.jsonl is no JSON"):
        read_passage_set(folder)


def test_typos_swap_inner_neighbours_of_long_words_only() -> None:
    question = "Who is the holder of every key"
    for seed in range(20):
        words = misspell(question, 1, Random(seed)).split()
        changed = [(a, b) for a, b in zip(question.split(), words, strict=True) if a != b]
        assert len(changed) == 1 and changed[0][0] in ("holder", "every")
        before, after = changed[0]
        assert sorted(before) == sorted(after) and (before[0], before[-1]) == (after[0], after[-1])
    assert misspell("who has it", 3, Random(1)) == "who has it"


def test_a_set_is_made_harder_in_the_same_way_every_time() -> None:
    made = PassageSet(
        "s", (Passage("1", "Title", "Text"),), (PassageQuestion("q", "Whose ladder stands here", ("1",)),)
    )
    assert with_typos(made, 2) == with_typos(made, 2)
    assert with_typos(made, 2).questions[0].question != made.questions[0].question
    assert with_typos(made, 2).passages == made.passages
    assert untitled(made).passages == (Passage("1", "", "Text"),)
    assert untitled(made).questions == made.questions


def words_of(path: Path) -> str:
    """The text of an SVG; fails where it is none."""
    root = ElementTree.parse(path).getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    return " | ".join(text for text in root.itertext() if text.strip())


def test_plots_are_images_that_say_what_they_show(tmp_path: Path) -> None:
    found = Found(0.5, 0.75, 0.5, 0.5, 0.5)
    plot_kinds([KindScores("problem", 12, found, found, Tally(0, 0))], tmp_path / "kinds.svg")
    assert "problem (12)" in words_of(tmp_path / "kinds.svg")
    curve = refusal_curve([outcome("problem", 0.9), outcome("unanswerable", 0.1, refused=True)])
    assert curve is not None
    plot_refusals(curve, tmp_path / "curve.svg")
    assert "wrongly refused, % of 1 that have an answer" in words_of(tmp_path / "curve.svg")
    whole = RankScores(4, 0.2, 0.5, 0.05, 0.25, 0.75, 0.6, 0.4)
    rows = (LeftOut("second_hop", replace(whole, recall5=0.4), False), LeftOut("typos", whole, True))
    plot_stages(Ablation("s", whole, rows), "R@5", lambda scores: scores.recall5, tmp_path / "stages.svg")
    words = words_of(tmp_path / "stages.svg")
    assert "second hop" in words and "all stages: 50.0" in words
    assert "typos" not in words  # it changed nothing
    first = (tmp_path / "curve.svg").read_bytes()
    plot_refusals(curve, tmp_path / "curve.svg")
    assert (tmp_path / "curve.svg").read_bytes() == first
    with pytest.raises(InputError, match="cannot be written"):
        plot_refusals(curve, tmp_path / "missing" / "curve.svg")


def test_an_ablation_in_which_nothing_changes_can_be_drawn(tmp_path: Path) -> None:
    plot_stages(
        Ablation("s", NO_SCORES, (LeftOut("lens", NO_SCORES, True),)), "R@5", lambda s: s.recall5, tmp_path / "s.svg"
    )
    assert "all stages: 0.0" in words_of(tmp_path / "s.svg")

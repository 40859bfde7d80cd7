"""Reading question sets, scoring small answers, reporting the figures."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cml_mm.errors import InputError, MediaUnreadable
from cml_mm.evaluation.ablation import Ablation, LeftOut
from cml_mm.evaluation.facts import mentions
from cml_mm.evaluation.outcomes import Outcome
from cml_mm.evaluation.personas import AskedAs, PersonaDifference
from cml_mm.evaluation.questions import AskedRelation, Question, read_questions
from cml_mm.evaluation.rank_scores import RankScores
from cml_mm.evaluation.refusals import CurvePoint, RefusalCurve
from cml_mm.evaluation.report import Plot, report_json, report_markdown, report_text
from cml_mm.evaluation.run import Evaluation
from cml_mm.evaluation.scores import Scores, Tally, place_of, recall_at, score
from cml_mm.types import Answer, AnswerStatus, Edge, Evidence, Relation, RelationKind, Sentence, Source, Verdict

SOURCE = Source("0" * 64, "Tool Shed", "pattern", "tool-shed", "patterns/tool-shed.md", "CC0-1.0", "nobody")


def edge(number: int, kind: RelationKind = "REQUIRES") -> Evidence:
    relation = Relation(kind, "tool-shed", "key-list", "curated", subject_title="Tool Shed", object_title="Key List")
    place = Edge("tool-shed", kind, "key-list")
    return Evidence(number, SOURCE, place, "Relation", "Tool Shed and Key List.", "Tool Shed", path=(relation,))


def said(text: str, *cites: int, verdict: Verdict = "supported") -> Sentence:
    return Sentence(text, cites, verdict)


def answer(
    *sentences: Sentence,
    evidence: tuple[Evidence, ...] = (),
    ranked: tuple[str, ...] = (),
    status: AnswerStatus = "answered",
    seconds: float = 1.0,
) -> Answer:
    return Answer("?", "Title", sentences, evidence, status, "nobody", seconds, ranked=ranked)


def question(kind: str = "problem", **fields: tuple[str, ...]) -> Question:
    return Question("q-1", "Where is the drill?", kind, **{"gold": ("tool-shed",), **fields})


def scored(*outcomes: Outcome) -> Scores:
    return score(outcomes)


def write(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), "utf-8")
    return path


ROW = {"id": "a", "question": "Where is the drill?", "kind": "problem", "gold": ["tool-shed"]}


def test_a_question_is_read_with_all_its_fields(tmp_path: Path) -> None:
    row = {
        **ROW,
        "kind": "relation",
        "split": "dev",
        "also_ok": ["key-list"],
        "must_mention": ["Tool Shed REQUIRES Key List"],
        "subject": ["key-list"],
        "asks": {"relation": "REQUIRES", "side": "in"},
        "persona": ["founder", "elder"],
        "note": "why",
    }
    (read,) = read_questions(write(tmp_path / "q.jsonl", "", row, ""))
    assert read == Question(
        "a",
        "Where is the drill?",
        "relation",
        gold=("tool-shed",),
        also_ok=("key-list",),
        must_mention=("Tool Shed REQUIRES Key List",),
        subject=("key-list",),
        asks=AskedRelation("REQUIRES", "in"),
        personas=("founder", "elder"),
        split="dev",
        note="why",
    )


def test_one_persona_is_a_text(tmp_path: Path) -> None:
    one, none = read_questions(write(tmp_path / "q.jsonl", {**ROW, "persona": "elder"}, {**ROW, "id": "b"}))
    assert (one.personas, one.persona) == (("elder",), "elder")
    assert (none.personas, none.persona) == ((), "")


def test_a_split_is_chosen_and_a_file_without_splits_is_read_whole(tmp_path: Path) -> None:
    path = write(tmp_path / "q.jsonl", {**ROW, "split": "dev"}, {**ROW, "id": "b", "split": "held-out"})
    assert [q.id for q in read_questions(path, "held-out")] == ["b"]
    assert [q.id for q in read_questions(path)] == ["a", "b"]
    plain = write(tmp_path / "plain.jsonl", ROW)
    assert [q.id for q in read_questions(plain)] == ["a"]
    with pytest.raises(InputError, match="no question of the split 'dev'"):
        read_questions(plain, "dev")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "Line 2 of .* is no JSON"),
        ("[1]", "Line 2 of .* is no JSON object"),
        ({**ROW, "kind": "riddle"}, "the kind 'riddle'"),
        ({**ROW, "split": "test"}, "the split 'test'"),
        ({**ROW, "id": ""}, 'no usable "id"'),
        ({**ROW, "question": 3}, 'no usable "question"'),
        ({**ROW, "gold": "tool-shed"}, 'no usable "gold"'),
        ({**ROW, "gold": []}, "names no right page"),
        ({**ROW, "persona": [3]}, 'no usable "persona"'),
        ({**ROW, "asks": {"relation": "LIKES", "side": "out"}}, 'no usable "asks"'),
        ({**ROW, "asks": {"relation": "REQUIRES", "side": "up"}}, 'no usable "asks"'),
    ],
)
def test_a_line_that_is_no_question_is_named(tmp_path: Path, line: object, message: str) -> None:
    path = write(tmp_path / "q.jsonl", {**ROW, "id": "first"}, line)
    with pytest.raises(MediaUnreadable, match=message) as caught:
        read_questions(path)
    assert caught.value.hint


def test_a_repeated_id_and_a_missing_file_are_errors(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"Line 2 of .* repeats the id 'a'"):
        read_questions(write(tmp_path / "q.jsonl", ROW, ROW))
    with pytest.raises(MediaUnreadable, match="cannot be read"):
        read_questions(tmp_path / "none.jsonl")


def test_a_relation_counts_only_with_its_edge_and_its_names() -> None:
    fact = "Tool Shed REQUIRES Key List"
    words = "Tool Shed requires Key List."
    assert mentions(answer(said(words, 1), evidence=(edge(1),)), fact)
    assert not mentions(answer(said(words), evidence=(edge(1),)), fact)  # not cited
    assert not mentions(answer(said("It requires Key List.", 1), evidence=(edge(1),)), fact)  # one end unnamed
    assert not mentions(answer(said(words, 1), evidence=(edge(1, "ENABLES"),)), fact)  # another relation
    assert not mentions(answer(said(words, 1), evidence=(edge(1),)), "Key List REQUIRES Tool Shed")  # the other way


def test_a_symmetric_relation_counts_in_either_order() -> None:
    told = answer(said("Tool Shed pulls against Key List.", 1), evidence=(edge(1, "TENSIONS_WITH"),))
    assert mentions(told, "Tool Shed TENSIONS_WITH Key List")
    assert mentions(told, "Key List TENSIONS_WITH Tool Shed")


def test_a_plain_fact_counts_from_half_of_its_words() -> None:
    told = answer(said("Neighbours lend drills."), said("They write names."))
    assert mentions(told, "a neighbour lends the ladder and the drill")
    assert mentions(told, "drill and ladder")
    assert not mentions(told, "drill, ladder and saw")


def test_places_and_recall() -> None:
    assert place_of(("a", "b", "c"), ("c", "b")) == 2
    assert place_of(("a",), ("z",)) == 0
    assert recall_at(2, ("a", "b", "c"), ("a", "c")) == 0.5
    assert recall_at(2, ("a", "b", "x"), ("a", "b", "c")) == 1.0  # two places hold no more than two


def test_pages_are_scored_strictly_and_leniently_and_beside_plain_search() -> None:
    asked = question(gold=("tool-shed", "key-list"), also_ok=("rota",), subject=("barn",))
    ranked = ("barn", "rota", "tool-shed", "tool-shed", "p4", "p5", "key-list")
    scores = scored(Outcome(asked, answer(ranked=ranked), searched=("a", "b", "c", "d", "e", "tool-shed")))
    kind, everything = scores.kinds
    assert (kind.kind, everything.kind, everything.questions) == ("problem", "ALL", 1)
    assert kind.answer.hit5_strict == kind.answer.hit5_lenient == 1.0
    assert (kind.answer.mrr_strict, kind.answer.mrr_lenient) == (0.5, 1.0)  # the subject is taken out, doubles too
    assert kind.answer.recall10 == 1.0
    assert (kind.baseline.hit5_strict, kind.baseline.recall10) == (0.0, 0.5)
    assert kind.baseline.mrr_strict == pytest.approx(1 / 6)
    assert everything.answer == kind.answer


def test_refusals_are_counted_on_both_sides() -> None:
    empty = question("unanswerable", gold=())
    scores = scored(
        Outcome(empty, answer(status="not_in_library")),
        Outcome(empty, None),  # sent back with advice
        Outcome(empty, answer(ranked=("tool-shed",))),
        Outcome(question(), answer(status="not_in_library", ranked=("tool-shed",))),
        Outcome(question(), answer(ranked=("tool-shed",))),
    )
    assert scores.refused == Tally(2, 3)
    assert scores.wrongly_refused == Tally(1, 2)
    assert [failure.what for failure in scores.failures] == ["not refused", "refused"]
    assert scores.kinds[-1].questions == 2


def test_facts_citations_verdicts_and_seconds() -> None:
    asked = question("relation", must_mention=("Tool Shed REQUIRES Key List", "drill in the barn"))
    told = answer(
        said("Tool Shed requires Key List.", 1),
        said("Perhaps.", verdict="not_checked"),
        evidence=(edge(1),),
        ranked=("tool-shed",),
        seconds=3.0,
    )
    quick = [Outcome(question(), answer(ranked=("tool-shed",), seconds=0.1)) for _ in range(20)]
    scores = scored(Outcome(asked, told), *quick)
    assert next(kind for kind in scores.kinds if kind.kind == "relation").facts == Tally(1, 2)
    assert scores.cited == Tally(1, 2)
    assert dict(scores.verdicts) == {"supported": 1, "partly": 0, "unsupported": 0, "not_checked": 1}
    assert (scores.median_seconds, scores.p95_seconds) == (0.1, 0.1)
    assert [(failure.what, failure.detail) for failure in scores.failures] == [("fact missing", "drill in the barn")]


def test_wrong_and_missing_pages_are_told_with_their_places() -> None:
    far = tuple(f"p{number}" for number in range(12))
    wrong, missing = scored(
        Outcome(question(), answer(ranked=(*far, "tool-shed"))),
        Outcome(question(gold=("tool-shed", "key-list")), answer(ranked=("tool-shed", *far))),
    ).failures
    assert wrong.what == "wrong page"
    assert wrong.detail == "wanted tool-shed (place 13); found p0, p1, p2"
    assert missing.what == "page missing"
    assert missing.detail == "wanted tool-shed (place 1), key-list (not ranked)"


def test_no_outcome_at_all_is_still_a_report() -> None:
    scores = score(())
    assert scores.kinds == () and scores.questions == 0
    assert "Nothing went wrong." in report_text(Evaluation(scores, None, None, None), "Empty")


def whole_run() -> Evaluation:
    """One question that went wrong, and a figure of every other kind."""
    asked = Question("q|1", "Who holds the key?", "problem", gold=("key-list",), must_mention=("the key board",))
    told = answer(said("A key hangs here.", 1), ranked=("tool-shed",))
    whole = RankScores(4, 0.2, 0.5, 0.05, 0.25, 0.75, 0.6, 0.4)
    stages = Ablation(
        "questions",
        whole,
        (LeftOut("second_hop", replace(whole, hit5=0.5, recall5=0.55), False), LeftOut("typos", whole, True)),
    )
    pair = AskedAs("q|1", "Who holds the key?", ("Founder", "City"), 0.6, True, 1)
    points = (
        CurvePoint(0.1, 0.0, 0.0),
        CurvePoint(0.4, 0.25, 0.5),
        CurvePoint(0.5, 0.5, 0.5),
        CurvePoint(0.9, 1.0, 1.0),
    )
    return Evaluation(
        scored(Outcome(asked, told, searched=("key-list",))),
        RefusalCurve(4, 2, points, CurvePoint(0.4, 0.25, 0.5), 0.875),
        PersonaDifference((pair,), 0.6, 1.0, 0.5),
        stages,
        (replace(stages, name="tiny set"),),
    )


def test_the_report_as_text_and_json() -> None:
    run = whole_run()
    text = report_text(run, "A run")
    assert "problem  1  0.00 / 1.00" in text
    assert "1/1 = 100.0%" in text
    assert "1 of 1 questions went wrong:" in text
    assert "q|1: wrong page: wanted key-list (not ranked); found tool-shed" in text
    assert "second hop  55.0 (+5.0)  60.0 (+0.0)  40.0 (+0.0)  50.0 (-25.0)" in text
    assert "tiny set  4          20.0  50.0 ± 5.0" in text
    assert "area under the curve of 0.88" in text
    assert "100% of 1 answers differ; 60% of the first five pages are the same" in text
    value = json.loads(json.dumps(report_json(run, "A run")))
    assert value["title"] == "A run"
    assert value["kinds"][0]["baseline"]["hit5_strict"] == 1.0
    assert value["verdicts"]["supported"] == 1
    assert value["failures"][0]["what"] == "wrong page"
    assert value["refusals"]["operating"] == {"threshold": 0.4, "wrongly": 0.25, "rightly": 0.5}
    assert value["personas"]["pairs"][0]["personas"] == ["Founder", "City"]
    assert value["stages"]["rows"][1] == {"stage": "typos", "scores": value["stages"]["whole"], "unchanged": True}
    assert [one["name"] for one in value["sets"]] == ["tiny set"]


def test_the_report_as_markdown_with_its_pictures() -> None:
    plots = [Plot(name, f"run-{name}.svg", f"About {name}") for name in ("kinds", "refusals", "stages")]
    page = report_markdown(whole_run(), "A run", [*plots, Plot("tiny set", "run-tiny.svg", "About the set")])
    assert page.startswith("# A run\n")
    assert "| problem | 1 | 0.00 / 1.00 |" in page
    assert "| q&#124;1: Who holds the key? | wrong page |" in page  # a cell cannot break the table
    assert "| 0.400 | 50% | 25% |" in page  # the cheapest threshold that refuses as many
    assert "| 0.500 | 50% | 50% |" not in page
    assert "| Who holds the key? | Founder, City | 60% | yes |" in page
    assert page.count("| second hop | 55.0 (+5.0) | 60.0 (+0.0) | 40.0 (+0.0) | 50.0 (-25.0) |") == 2
    assert page.count("| typos | unchanged |") == 2
    pictures = [
        page.index(f"({name})") for name in ("run-kinds.svg", "run-refusals.svg", "run-stages.svg", "run-tiny.svg")
    ]
    assert pictures == sorted(pictures)
    assert report_markdown(whole_run(), "A run").count("![") == 0

"""Several needs in one question, and questions that follow another, on development questions only."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from benchmarks.libraries import development_questions, open_or_build, question_files
from cml_mm.answering.followups import resolve
from cml_mm.answering.needs import round_robin, split
from cml_mm.engine import Engine
from cml_mm.evaluation.questions import Question
from cml_mm.settings import Settings
from cml_mm.talk import PastTurn, Talk

SITUATIONS = ("problem", "persona")
FIRST = 5
EARLIER = ("What does {} require?", "What is {}?", "Our group is tired of meetings. What helps?")


def main(library: Path, index: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        for asked in question_files(library, index, Path(scratch)):
            questions = development_questions(asked.file, answerable=False)
            settings = replace(Settings.load(), index=asked.index, libraries=(asked.library,))
            with open_or_build(settings) as engine:
                print(f"{asked.name}:")
                _needs(engine, [one for one in questions if one.kind in SITUATIONS])
                _followups(engine, questions)


def _needs(engine: Engine, questions: list[Question]) -> None:
    """Single needs that are taken apart, and pairs of them asked in one breath."""
    wrongly = sum(len(split(one.question)) > 1 for one in questions)
    pairs = list(pairwise(questions))
    whole, apart, found = [], [], 0
    for one, other in pairs:
        joined = f"{one.question} Besides, {other.question[:1].lower()}{other.question[1:]}"
        needs = split(joined)
        found += len(needs) > 1
        whole.append(_both(engine.rank(joined), one, other))
        apart.append(_both(round_robin([engine.rank(need) for need in needs]), one, other))
    print(f"  needs: {wrongly} of {len(questions)} single ones taken apart; {found} of {len(pairs)} pairs")
    print(f"  both found in the first {FIRST}: {_share(whole)} asked whole, {_share(apart)} taken apart")


def _followups(engine: Engine, questions: list[Question]) -> None:
    """Questions that stand on their own, each after turns that have nothing to do with it: none may be changed."""
    cards = engine.cards()
    titles = {card.slug: card.title for card in cards}
    names = engine._opened.ranker.names
    subjects = tuple(card.slug for card in cards[:2])
    changed = tried = 0
    for earlier in EARLIER:
        said = earlier.format(titles[subjects[0]])
        talk = Talk((PastTurn(said, said, subjects, "REQUIRES" if "require" in said else ""),))
        for one in questions:
            tried += 1
            changed += resolve(one.question, talk, names, titles).changed
    print(f"  follow-ups: {changed} of {tried} questions that stand on their own are changed")


def _both(ranked: tuple[str, ...], one: Question, other: Question) -> bool:
    first = set(ranked[:FIRST])
    return all(first & {*asked.gold, *asked.also_ok} for asked in (one, other))


def _share(hits: list[bool]) -> str:
    return f"{sum(hits) / max(1, len(hits)):.2f}"

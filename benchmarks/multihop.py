"""Retrieval on a set of titled passages and questions, stage by stage.

python benchmarks/multihop.py SET_FOLDER --out RUN.jsonl [--without STAGE …] [--weight NAME=VALUE …]
                              [--baseline NAME] [--pool SET_FOLDER …] [--cache DIR]

SET_FOLDER holds corpus.jsonl {id, title, text} and queries.jsonl {id, question, gold: [corpus ids]}.
RUN.jsonl gets a line {"id", "ranked": [corpus ids, best first]} a question. Printed: recall@2 and
@5, the share of questions with all gold in the first five, nDCG@10 (binary), CPU milliseconds a
question with its embedding, CPU seconds of links and names for 10,000 passages.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # as a plain script it would find only what lies beside it

from benchmarks.cached_encoder import CachedEncoder  # noqa: E402
from cml_mm.errors import CmlError, InputError  # noqa: E402
from cml_mm.evaluation.passage_sets import PassageSet, read_passage_set  # noqa: E402
from cml_mm.evaluation.rank_scores import Judged, score_rankings  # noqa: E402
from cml_mm.ports import TextEncoder  # noqa: E402
from cml_mm.profiles import parts_of  # noqa: E402
from cml_mm.retrieval.passage_index import PassageIndex, PassageWeights  # noqa: E402
from cml_mm.retrieval.stages import ALL_STAGES, PASSAGE_STAGES, STAGE_NAMES, Stages  # noqa: E402
from cml_mm.settings import Settings  # noqa: E402

LIMIT = 10
# What is left of our own pipeline when nearly everything is left out.
PLAIN = {
    "bm25": Stages(**{name: name == "words" for name in STAGE_NAMES}),
    "dense": Stages(**{name: name == "meaning" for name in STAGE_NAMES}),
    "fusion": Stages(**{name: name in ("words", "meaning") for name in STAGE_NAMES}),
}
LLAMAINDEX = ("llamaindex-vector", "llamaindex-rrf")
Rank = Callable[[str], Sequence[str]]


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    made = pooled(read_passage_set(options.set), [read_passage_set(folder) for folder in options.pool])
    settings = Settings.load()
    encoder = CachedEncoder(parts_of(settings).text_encoder(), options.cache)
    rank = make_rank(made, encoder, options.baseline, options.without, read_weights(options.weight))
    encoder.save()
    ranked, query_ms = ask_all(rank, made)
    options.out.write_text(run_lines(made, ranked), encoding="utf-8")
    judged = [Judged(tuple(found), one.gold) for found, one in zip(ranked, made.questions, strict=True)]
    scores = score_rankings(judged)
    print(
        f"{options.set}: n={scores.questions} of {len(made.passages)} passages"
        f" R@2={100 * scores.recall2:.1f} R@5={100 * scores.recall5:.1f} (se {100 * scores.recall5_error:.1f})"
        f" all@5={100 * scores.whole5:.1f} nDCG@10={100 * scores.ndcg10:.1f}, CPU {query_ms:.1f} ms a question"
    )
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", type=Path, metavar="SET_FOLDER")
    parser.add_argument("--out", type=Path, required=True, metavar="RUN.jsonl")
    parser.add_argument(
        "--without",
        nargs="+",
        action="extend",
        default=[],
        choices=PASSAGE_STAGES,
        metavar="STAGE",
        help="any of %(choices)s",
    )
    parser.add_argument(
        "--weight", nargs="+", action="extend", default=[], metavar="NAME=VALUE", help="try another weight"
    )
    parser.add_argument("--baseline", choices=[*PLAIN, *LLAMAINDEX], help="rank by this instead")
    parser.add_argument(
        "--pool", type=Path, nargs="+", default=[], metavar="SET_FOLDER", help="other sets whose passages join in"
    )
    parser.add_argument("--cache", type=Path, metavar="DIR", help="keeps vectors of passages between runs")
    return parser.parse_args(arguments)


def pooled(made: PassageSet, others: Sequence[PassageSet]) -> PassageSet:
    """The same questions over more passages: those of other sets, their ids made distinct."""
    more = [replace(one, id=f"{other.name}/{one.id}") for other in others for one in other.passages]
    return replace(made, passages=(*made.passages, *more))


def read_weights(given: Sequence[str]) -> PassageWeights:
    """The weights in use, but for those given as NAME=VALUE.

    Raises: InputError: there is no such weight, or the value is no number.
    """
    weights = PassageWeights()
    for one in given:
        name, _, value = one.partition("=")
        known = {field.name: type(getattr(weights, field.name)) for field in fields(PassageWeights)}
        try:
            weights = replace(weights, **{name: known[name](value)})
        except (KeyError, ValueError) as exc:
            raise InputError(f"{one!r} is no weight.", f"Give NAME=VALUE, of: {', '.join(known)}.") from exc
    return weights


def make_rank(
    made: PassageSet,
    encoder: TextEncoder,
    baseline: str | None,
    without: Sequence[str],
    weights: PassageWeights | None = None,
) -> Rank:
    """Builds what ranks, and says what links and names cost.

    Args:
        made: the set.
        encoder: of passages and questions.
        baseline: one of PLAIN or LLAMAINDEX; None for every stage.
        without: stages to leave out.
        weights: other ones than those in use.
    """
    vectors = encoder.encode_passages([passage.full for passage in made.passages])
    if baseline in LLAMAINDEX:
        from benchmarks.baselines import make_ranker  # LlamaIndex is slow to import

        return make_ranker(str(baseline), made.passages, vectors, encoder, LIMIT)
    stages = PLAIN.get(baseline or "", ALL_STAGES)
    for name in without:
        stages = stages.without(name)
    index = PassageIndex(made.passages, vectors, encoder, stages, weights)
    for_10_000 = index.graph_seconds / max(len(made.passages), 1) * 10_000
    print(f"links and names: {for_10_000:.1f} CPU-s for 10,000 passages")
    return lambda question: [found.id for found in index.search(question, LIMIT, stages)]


def ask_all(rank: Rank, made: PassageSet) -> tuple[list[list[str]], float]:
    """Asks every question, the first one twice: what is loaded once is no question's time.

    Returns:
        Ids for each question, best first, and CPU milliseconds a question.
    """
    rank(made.questions[0].question)
    began = time.process_time()
    ranked = [list(rank(one.question)) for one in made.questions]
    return ranked, (time.process_time() - began) / len(made.questions) * 1000


def run_lines(made: PassageSet, ranked: Sequence[Sequence[str]]) -> str:
    """The run as JSON lines, in the order that was asked."""
    rows = zip(made.questions, ranked, strict=True)
    return "".join(json.dumps({"id": one.id, "ranked": list(found)}) + "\n" for one, found in rows)


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except CmlError as exc:
        raise SystemExit(f"{exc.message}\n{exc.hint}") from exc

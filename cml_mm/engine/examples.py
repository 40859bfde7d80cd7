"""Questions to begin with, chosen so that the open library can answer them."""

from __future__ import annotations

from cml_mm.graph.library_graph import LibraryGraph
from cml_mm.retrieval.ranking import Ranker

# For a library that we do not know: the one that it answers most surely is shown.
LAY_EXAMPLES = (
    "A few people in our group do all the invisible work. What helps?",
    "We keep arguing about how to decide together. What helps?",
    "New members leave after a few months. What can we do?",
    "How do we hear what people need before we build anything?",
    "Who should own the data that our members create?",
)
STARTER_EXAMPLES = (
    "The same three people in our co-op do all the invisible work. What helps?",
    "What does Consent Decision-Making require?",
    "Where does Role Rotation pull against other patterns?",
)


def example_questions(library: LibraryGraph, ranker: Ranker) -> tuple[str, ...]:
    """Three questions: for help, for a relation, for a tension."""
    entries = library.entries
    if "visible-work-inventory" in entries:
        return STARTER_EXAMPLES
    asks = [max(LAY_EXAMPLES, key=lambda question: ranker.rank(question).best_cosine)]
    curated = [entry for entry in entries.values() if entry.curated]
    for entry in curated:
        if any(relation.kind == "REQUIRES" for relation in library.relations(entry.slug)[0]):
            asks.append(f"What does {entry.title} require?")
            break
    tense = next((entry for entry in reversed(curated) if entry.tension), None)
    asks.append(
        f"Which tension does {tense.title} hold?" if tense else f"What is {next(iter(entries.values())).title}?"
    )
    return tuple(asks)

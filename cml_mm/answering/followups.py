"""Makes a question that leans on the conversation whole: "and the second one?", "for a small team?".

Precision first: a question that stands on its own is never touched, and without an earlier
turn nothing is. The task is question rewriting (Vakulenko et al. 2021, "Question Rewriting
for Conversational Question Answering"); ellipsis and pronouns are read by form here, no
model is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cml_mm import prose
from cml_mm.answering import followup_forms as forms
from cml_mm.answering.past import Past
from cml_mm.retrieval.names import NameIndex, NameMatch, unknown_names
from cml_mm.talk import Talk

MOST_WORDS = 12  # a longer question says for itself what it is about
MOST_BEFORE = 2  # content words before a pronoun: more would hold what it stands for


@dataclass(frozen=True)
class Resolved:
    """A question as it is to be answered.

    `subjects` are the slugs that were put in; `told` are those that "what else?" has heard already.
    """

    question: str
    changed: bool = False
    subjects: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Said:
    """The new words: as asked, and without "and", "ok", "so" in front and marks at the end."""

    question: str
    rest: str
    leads: bool
    names: tuple[NameMatch, ...]

    @property
    def folded(self) -> str:
        return prose.fold(self.rest).replace("’", "'")

    @property
    def words(self) -> int:
        return len(prose.words(self.rest))


def resolve(question: str, talk: Talk, names: NameIndex, titles: Mapping[str, str]) -> Resolved:
    """The question made whole from the talk so far, or as it stands.

    Args:
        question: as asked, in English.
        talk: the earlier turns; the latest that was answered lends its subjects.
        names: of the library.
        titles: slug to title.
    """
    past = Past.of(talk, names, titles)
    rest = question.strip().rstrip("?!. ").strip()
    if past is None or not rest or (forms.SENTENCES.search(rest) and not forms.MEANT.match(rest)):
        return Resolved(question)
    lead = forms.LEAD.match(rest)
    shown = rest[lead.end() :] if lead and lead.end() < len(rest) else rest
    shown = forms.TAIL.sub("", shown) or shown
    said = _Said(question.strip(), shown, bool(lead), names.find(shown))
    for read in _READERS:
        found = read(said, past)
        if found is not None and found.question != question:
            return found
    return Resolved(question)


def _correction(said: _Said, past: Past) -> Resolved | None:
    """ "No, I meant X": the question before, of X."""
    match = forms.MEANT.match(said.question.strip().rstrip("?!. "))
    if not match:
        return None
    what = match["what"].strip()
    named = past.names.find(what)
    if not _only_a_name(what, named):
        return Resolved(_sentence(what), True)
    unknown = unknown_names(past.understood, past.names)
    slug = named[0].slugs[0]
    whole = past.with_name(slug) or (past.instead_of(unknown[0], slug) if unknown else "")
    return Resolved(whole or f"What is {past.titles[slug]}?", True, (slug,))


def _same_of_another(said: _Said, past: Past) -> Resolved | None:
    """ "And X?", "what about X?": the question before, of X."""
    about = forms.ABOUT.match(said.folded)
    what = said.rest[about.end() :] if about else said.rest
    if not (said.leads or about) or not _only_a_name(what, past.names.find(what)):
        return None
    slug = past.names.find(what)[0].slugs[0]
    whole = past.with_name(slug)
    return Resolved(whole, True, (slug,)) if whole else None


def _phrase(said: _Said, past: Past) -> Resolved | None:
    """Short forms that everybody uses: "why?", "how do we start?", "tell me more"."""
    if not past.it:
        return None
    for form, whole in forms.PHRASE_FORMS:
        if form.fullmatch(said.folded.strip()):
            if whole.startswith("Why") and (reason := past.why()):
                return reason_of(reason, past)
            slug = past.that if "{that}" in whole else past.it
            return Resolved(whole.format(it=past.titles[slug], that=past.titles[slug]), True, (slug,))
    if forms.REVERSED.fullmatch(said.folded):
        return _reversed(past)
    return None


def reason_of(question: str, past: Past) -> Resolved:
    """A "why" about a relation, with both its ends."""
    return Resolved(question, True, (past.it, past.that))


def _reversed(past: Past) -> Resolved | None:
    forward, backward = forms.FORWARD.match(past.understood), forms.BACKWARD.match(past.understood)
    if forward:
        return Resolved(f"What {forward['verb'].lower()}s {forward['name']}?", True, (past.it,))
    if backward:
        verb = "require" if backward["verb"].lower().startswith("require") else "enable"
        return Resolved(f"What does {backward['name']} {verb}?", True, (past.it,))
    return None


def _aspect(said: _Said, past: Past) -> Resolved | None:
    """ "Any alternatives?", "what about its tensions?"."""
    match = forms.ASPECT.fullmatch(said.folded)
    if not match or not past.it:
        return None
    noun = match["noun"]
    whole = next((whole for stem, whole in forms.ASPECT_WHOLE.items() if noun.startswith(stem)), None)
    title = past.titles[past.it]
    return Resolved((whole or f"What are the {noun} of {{it}}?").format(it=title), True, (past.it,))


def _else(said: _Said, past: Past) -> Resolved | None:
    """ "What else?": the question before, passing over what was told."""
    if not forms.ELSE.fullmatch(said.folded):
        return None
    whole = re.sub(r"^(What|Who)(?! else)\b", r"\1 else", past.understood) if past.relation else past.understood
    return Resolved(whole, True, past.subjects, told=past.told)


def _place(said: _Said, past: Past) -> Resolved | None:
    """ "The second one": a place in the list that was told."""
    found = list(forms.PLACE.finditer(said.rest))
    slugs = [past.at(_place_of(match)) for match in found]
    if not found or not all(slugs) or said.words > MOST_WORDS or said.names:
        return None
    alone = re.sub(r"^(?:what|how) about\b", "", said.rest, flags=re.IGNORECASE).strip()
    if len(found) == 1 and forms.PLACE.fullmatch(alone):
        slug = slugs[0]
        again = past.with_name(slug) if past.by_place else ""
        return Resolved(again or f"What is {past.titles[slug]}?", True, (slug,))
    whole = said.rest
    for match, slug in zip(reversed(found), reversed(slugs), strict=True):
        whole = whole[: match.start()] + past.titles[slug] + whole[match.end() :]
    whole = re.sub(r"^tell me (?:more )?about\b", "What is", whole, flags=re.IGNORECASE)
    return Resolved(_sentence(whole), True, tuple(slugs))


def _place_of(match: re.Match[str]) -> int:
    """A place counted from 0; -1 for the last."""
    word = (match["one"] or match["number"] or match["bare"]).lower()
    return next((place for place, words in enumerate(forms.PLACES) if word in words), -1)


def _pair(said: _Said, past: Past) -> Resolved | None:
    """ "Compare the two", "do they work together?"."""
    two = past.two
    if len(past.asked) > 1 and forms.WHICH.fullmatch(said.folded) and said.words <= MOST_WORDS // 2:
        both = " and ".join(past.titles[slug] for slug in two)
        return Resolved(f"Compare {both}: {said.rest}?", True, two)
    match = forms.PAIR.search(said.rest)
    if not match or said.names or len(two) < 2 or said.words > MOST_WORDS or not _nothing_before(said, match.start()):
        return None
    both = " and ".join(past.titles[slug] for slug in two)
    spoken = prose.fold(match.group()).split()[0]
    if spoken == "they" and prose.terms(said.rest[: match.start()]):
        return None
    if forms.WHICH_OF.fullmatch(said.folded[: match.end()]):
        return Resolved(_sentence(f"Compare {both}: which {said.rest[match.end() :].strip()}"), True, two)
    kept = f"{spoken} " if spoken in ("of", "between") else ""
    whole = said.rest[: match.start()] + kept + both + said.rest[match.end() :]
    return Resolved(_sentence(whole), True, two)


def _pronoun(said: _Said, past: Past) -> Resolved | None:
    """ "What does it require?", "who uses this pattern?"."""
    match = forms.ONE.search(said.rest)
    if (
        not match
        or not past.it
        or not forms.ASKS.match(said.folded)
        or said.words > MOST_WORDS
        or not _nothing_before(said, match.start())
    ):
        return None
    word = prose.fold(match.group())
    if word == "it" and forms.EMPTY_IT.search(said.folded):
        return None
    if said.names and _starts_at(said.rest, said.names[0]) < match.start():
        return None
    slug = past.that if word.startswith(("that", "this o")) else past.it
    name = past.titles[slug] + ("'s" if word == "its" else "")
    return Resolved(_sentence(said.rest[: match.start()] + name + said.rest[match.end() :]), True, (slug,))


def _condition(said: _Said, past: Past) -> Resolved | None:
    """ "For a small team?", "and if we have no money?": the question before, with a condition more."""
    if forms.WHO_WE_ARE.fullmatch(said.folded) and said.words <= MOST_WORDS // 2 and not said.names:
        return Resolved(past.joined_after(said.rest), True, past.subjects)
    match = forms.CONDITION.fullmatch(said.folded)
    asked = said.question.endswith("?")
    if match and match["how"] == "when" and not said.leads:
        return None
    if not match or said.names or said.words > MOST_WORDS or forms.QUESTION_WORD.search(match["what"]):
        return None
    loose = not said.leads and match["how"] == "if" and not forms.LEANS.search(match["what"])
    if loose and ("," in match["what"] or len(prose.terms(match["what"])) > 3):
        return None
    if not said.leads and not asked and (said.words > 5 or forms.CLAUSE.search(match["what"])):
        return None
    if "," in match["what"] and match["how"] == "if":
        return None
    condition = said.rest[match.start("how") :]
    return Resolved(past.joined(condition[:1].lower() + condition[1:]), True, past.subjects)


_READERS: tuple[Callable[[_Said, Past], Resolved | None], ...] = (
    _correction, _same_of_another, _phrase, _aspect, _else, _place, _condition, _pair, _pronoun,
)  # fmt: skip


def _only_a_name(text: str, named: tuple[NameMatch, ...]) -> bool:
    return len(named) == 1 and named[0].words == len(prose.words(text))


def _nothing_before(said: _Said, end: int) -> bool:
    """Whether nothing stands before a pronoun that it could mean instead: a thing, a name, a clause."""
    shown = said.rest[:end]
    before = prose.fold(shown)
    few = len(prose.terms(before)) <= MOST_BEFORE
    return few and not (
        forms.THING.search(forms.OF.sub("", before)) or forms.NAME.search(shown) or forms.SECOND_CLAUSE.search(before)
    )


def _starts_at(text: str, name: NameMatch) -> int:
    return list(prose.WORD.finditer(text))[name.start].start()


def _sentence(text: str) -> str:
    """With a capital and a mark at its end."""
    said = text.strip().rstrip("?!. ")
    mark = "." if forms.REQUEST.match(said) else "?"
    return f"{said[:1].upper()}{said[1:]}{mark}"

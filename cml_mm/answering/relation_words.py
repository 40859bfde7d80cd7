"""The English that a question uses for relations, as tokens for the grammar.

Each form says which relation it names and whether its grammatical subject is the far end:
in "A is needed by B" it is B that requires A, so the form is flipped. Names stand in the
text as one mark each. It knows nothing about the library beyond these marks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from cml_mm import prose
from cml_mm.types import RelationKind

NAME_MARK = "\x01"

TokenKind = Literal[
    "name", "verb", "noun", "head", "that", "do", "and", "or", "it", "back", "as", "whose", "not", "without"
]


@dataclass(frozen=True)
class Token:
    """One word or phrase that the grammar knows.

    `relation` and `flipped` belong to verbs and nouns: a verb's grammatical subject is the
    relation's subject unless it is flipped; a noun is what its owner points at ("prerequisites"),
    flipped where it points at its owner ("dependents"). `nominal` verbs may open a phrase
    ("prerequisites of …"). `ours` verbs have the asker for a subject ("do we need …").
    `slug` belongs to names.
    """

    kind: TokenKind
    relation: RelationKind | None = None
    flipped: bool = False
    nominal: bool = False
    slug: str = ""
    ours: bool = False


_ON = r"(?: (?:up)?on(?: top of)?)"
_BE = r"(?:(?:is|are|be|been|was|were) )?"
_A = r"(?:(?:an?|the) )?"
_STARTING = r"(?:(?:i|we|you|one|people|anybody|anyone|they) (?:\w+ )?)"
_WORK = r"(?:works?|exists?|runs?|survives?|functions?|succeeds?|go(?:es)?|do|be done|cope|manage|get by|live|possible)"
_BEFORE = r"(?: (?:before|for|prior to|ahead of))"
_BASES = (
    r"(?:pre-?requisites?|pre-?conditions?|requirements?|conditions?|foundations?|groundwork|building blocks?"
    r"|dependenc(?:y|ies))"
)
_CASES = (
    r"(?:more )?(?:special(?:i[sz]ed)?|narrow(?:er)?|particular|specific)? ?"
    r"(?:cases?|kinds?|types?|sorts?|forms?|variants?|variet(?:y|ies)|versions?|speciali[sz]ations?|instances?)"
)
_BROADER = r"(?:(?:more general|broader|wider|parent|umbrella|overarching)(?: (?:idea|form|case|concept|kind))?)"

# (token, form): the first form that matches at a place counts, so longer ones stand first.
_FORMS: tuple[tuple[Token, str], ...] = (
    (Token("name"), NAME_MARK),
    (
        Token("not"),
        r"(?:do|does|did|is|are|can|will|would|should)(?: not|n't|n’t)|cannot(?! \w+ without)|but not|never"
        r"|neither|not(?! (?:\w+ ){0,2}without)",
    ),
    (Token("whose"), r"whose"),
    # -- requires
    (Token("verb", "REQUIRES"), r"(?:can(?:not|'t|’t| not)|impossible|not) (?:\w+ ){0,2}?without"),
    (Token("without"), rf"(?:{_WORK} )?without(?: (?:requiring|needing|depending on|relying on|having))?"),
    (
        Token("verb", "REQUIRES", True, ours=True),
        rf"{_STARTING}(?:needs?|requires?|have to have|must have|should have)(?: \w+){{0,2}}?"
        r"(?: (?:before|for|to (?:start|begin|run|do|try|set up|introduce|use|adopt|make|get)|in order to))?",
    ),
    (
        Token("verb", "REQUIRES", True),
        r"(?:must|has to|have to|needs? to|should|ought to) (?:(?:already|first|we|i|one) )*"
        r"(?:be|stand|come|exist|happen|go)(?: (?:in place|ready|there|done|set up|settled|first|given|sorted out))*"
        rf"{_BEFORE}?",
    ),
    (Token("verb", "REQUIRES", True), rf"{_BE}(?:in place|ready|there|first|done|set up){_BEFORE}"),
    (
        Token("verb", "REQUIRES", True),
        rf"{_BE}(?:required|needed|necessary|presupposed|relied{_ON}|depended{_ON}|indispensable|essential)"
        r"(?: (?:first|beforehand))?(?: (?:by|for|before|in order to|to|of|in|if|from))?",
    ),
    (Token("verb", "REQUIRES", True, True), rf"{_A}(?:\w+ )?{_BASES} (?:of|for|to|behind|under)|{_A}basis (?:of|for)"),
    (Token("verb", "REQUIRES", True), rf"an? (?:\w+ )?{_BASES}(?=\W*$)(?<!s)"),
    (Token("noun", "REQUIRES"), _BASES),
    (Token("noun", "REQUIRES", True), r"dependents"),
    (Token("verb", "REQUIRES", True), r"comes? before|preced(?:es|ed|e)|underl(?:ies|ie)|underpins?|before"),
    (
        Token("verb", "REQUIRES"),
        rf"requir(?:es|e|ing)|presuppos(?:es|e|ing)|presum(?:es|e)|calls? for|need(?:s|ing)?|depend(?:s|ing|ent)?{_ON}?"
        rf"|rel(?:y|ies|ying){_ON}?|(?:rests?|hinges?|leans?|stands?){_ON}"
        rf"|(?:can |could )?{_BE}(?:built|builds?|building|based|founded|grounded){_ON}",
    ),
    # -- enables
    (
        Token("verb", "ENABLES", True),
        rf"{_BE}(?:enabled|unlocked|supported|facilitated|made (?:\w+ )?(?:possible|easier)|opened(?: up)?|prepared"
        r"|brought about|opened the way(?: to)?)(?: (?:by|through|with|thanks to|via))?",
    ),
    (
        Token("verb", "ENABLES", True),
        r"(?:becom(?:es?|ing)|gets?|is|are|be) (?:possible|easier|feasible|within reach)"
        r"(?: (?:by|through|with|thanks to|via|once|after|when|if|because of|we|i|you|have|has))*"
        r"|opens up(?=\W*$| (?:after|once|with|when))(?: (?:after|once|with|when))?|once|as soon as",
    ),
    (Token("verb", "ENABLES", True), r"(?:follow|grow|come|benefit|spring)s? (?:on )?(?:from|after|out of|next)"),
    (
        Token("verb", "ENABLES"),
        r"enabl(?:es|e|ing)|unlock(?:s|ing)?|lead(?:s|ing)? (?:\w+ )?(?:to|into|towards?)|(?<=where does \x01 )leads?"
        r"|pav(?:es?|ing) the way(?: (?:for|to))?|open(?:s|ing)?(?: up)? (?:the|a) (?:way|door|path|road)"
        r"(?: (?:to|for))?|open(?:s|ing)? (?:doors|up)(?: (?:to|for))?|support(?:s|ing)?|allow(?:s|ing)?(?: for)?"
        r"|mak(?:es?|ing)(?=[^.;?!]*\b(?:possible|easier|feasible))|facilitat(?:es|e|ing)|brings? about|feeds? into"
        r"|prepar(?:es?|ing)(?: the (?:ground|way))?(?: for)?"
        r"|lays? the (?:ground|groundwork|foundations?)(?: (?:for|of))?"
        r"|clears? the way(?: (?:for|to))?|makes? (?:way|room) for",
    ),
    (Token("noun", "ENABLES", True), r"enablers?"),
    # -- special cases
    (Token("verb", "SPECIALIZES_TO"), rf"{_A}(?:generali[sz]ations?|parents?|umbrellas?|superclass) (?:of|for)"),
    (Token("verb", "SPECIALIZES_TO"), rf"{_A}{_BROADER}(?: patterns?)? (?:than|of|above|behind)"),
    (
        Token("verb", "SPECIALIZES_TO"),
        r"generali[sz](?:es|e|ing)|speciali[sz](?:es|e) (?:in)?to|branch(?:es)? (?:out )?into",
    ),
    (
        Token("verb", "SPECIALIZES_TO", True),
        r"(?:narrower|more (?:specific|speciali[sz]ed|special|concrete)) (?:patterns? )?(?:than|form of)"
        r"|speciali[sz](?:es|e|ing)|belongs? (?:to|under)|falls? under|comes? under",
    ),
    (
        Token("verb", "SPECIALIZES_TO", True, True),
        rf"{_A}{_CASES} of(?! (?:pattern|thing|idea|page|people|group|organi[sz]ation))",
    ),
    (Token("verb", "SPECIALIZES_TO", True), rf"\ban? {_CASES}(?=\W*$)"),
    (Token("noun", "SPECIALIZES_TO", True), rf"{_BROADER}|generali[sz]ations?"),
    (
        Token("noun", "SPECIALIZES_TO"),
        r"special(?:i[sz]ed)? (?:cases|forms|kinds|versions)|variants|variations|speciali[sz]ations"
        r"|(?:more )?(?:specific|speciali[sz]ed|narrower)(?: (?:forms|kinds|versions))?",
    ),
    # -- symmetric ones
    (
        Token("verb", "ALTERNATIVE_TO", nominal=True),
        rf"{_A}(?:\w+ )?(?:alternatives?|substitutes?|replacements?|stand-?ins?) (?:to|for|of)|instead of|in place of"
        r"|rather than|in lieu of|replac(?:es|e|ed by|ing)|stands? in for|substitut(?:es?|ed)(?: (?:for|by))?"
        r"|tak(?:es?|ing) the place of",
    ),
    (Token("noun", "ALTERNATIVE_TO"), r"alternatives?|substitutes?|replacements?"),
    (
        Token("verb", "COMPLEMENTS", nominal=True),
        r"complement(?:s|ed by|ary to|ing)? ?(?:of|to|for)?\b|(?:go|goes|went|work|works|fit|fits|pair|pairs|combine"
        r"|combines|combined|sit|sits|team|teams)(?! (?:wrong|badly|ill|awry))(?: \w+){0,3}? with"
        r"|(?:combine|pair)(?=[^.;?!]* with)"
        r"|(?:use|used|using)(?: \w+)? (?:with|alongside)|together with|alongside|goe?s? together",
    ),
    (Token("noun", "COMPLEMENTS"), r"complements|companions?"),
    (
        Token("verb", "TENSIONS_WITH", nominal=True),
        r"(?:stands? )?in (?:tension|conflict)(?: with)?|(?:has |have )?tensions? (?:with|of)"
        r"|pull(?:s|ing)?(?: \w+){0,2}? against"
        r"|conflict(?:s|ing)? with|clash(?:es|ing)?(?: with)?|at odds(?: with)?|contradict(?:s|ing)?"
        r"|(?:works?|go(?:es)?|speaks?|stands?) against|oppos(?:es|e|ed to)"
        r"|rubs? against|gets? in the way of|undermin(?:es|e)",
    ),
    (Token("noun", "TENSIONS_WITH"), r"tensions"),
    (Token("noun", "USES_TOOL"), r"tools?"),
    (Token("verb", "ADOPTS", True), rf"{_BE}(?:used|adopted|practi[cs]ed|applied|followed) (?:by|at|in)"),
    (
        Token("verb", "ADOPTS"),
        r"(?<!\bi )(?<!we )(?<!you )(?<!one )(?<!to )"
        r"(?<!can )(?<!could )(?<!should )(?<!would )(?<!might )"
        r"(?:adopt(?:s|ed|ing)?|us(?:es|ed|e|ing)|practi[cs](?:es|ed|e|ing)"
        r"|appl(?:ies|ied|y|ying))",
    ),
    # -- the words around them
    (Token("as"), rf"as(?= an? (?:\w+ )?(?:{_BASES}|alternative|complement|special))"),
    (
        Token("back"),
        r"(?:this|these|those|that)(?: (?:next|one|ones|last|latter|pattern|patterns))+(?! (?:that|which|who|"
        + NAME_MARK
        + r"))|(?:these|those)(?! (?:that|which|who|patterns))|this|they|them|their|the (?:latter|result|next one)",
    ),
    (Token("it"), r"it|its|the former"),
    (Token("that"), r"that"),
    (
        Token("head"),
        r"which|what(?:ever)?|where|who|whom|(?:any |all |the |those |some )?patterns?|something|anything|everything"
        r"|things?|any|(?:the )?ones?",
    ),
    (Token("do"), r"do|does|did|can|could|will|would|should|may|might|must"),
    (Token("and"), r"and(?: also)?|as well as|but(?: also)?|while also|&"),
    (Token("or"), r"n?or"),
)
_FORM = re.compile("|".join(rf"(?P<f{place}>(?<![\w]){form})(?![\w'])" for place, (_, form) in enumerate(_FORMS)))
_JOINT = re.compile(
    r"\b(both|each|in common|jointly|together|at the same time|at once|alike|all (two|three)|the same|shared?)\b"
)
_BESIDES = r"\b(?:besides|except(?: for)?|other than|apart from|aside from|excluding|not counting)"
EXCEPT_WORDS = re.compile(rf"{_BESIDES}\b")
_EXCEPT = re.compile(rf"{_BESIDES}(?P<names>(?:[ ,]+(?:and |or |the )?{NAME_MARK})+)")
_FILLER = frozenset(
    """according library libraries says say said tell name names list give show please pattern patterns page pages first
    next turn itself themselves again beforehand work works start begin begins starting happen happens place exactly
    directly indirectly possible easier call calls called look mean means find finding also anyone anybody us mine
    adoption introduce introducing run running become becomes involved commons cml steps step hop hops two three one
    well good best together besides case take takes taking exist exists include includes included whole question
    succeed successful proper properly actually usually typically generally feasible""".split()
)


@dataclass(frozen=True)
class Clause:
    """One clause of a question.

    `joint` says that it asks for what several names share; `excepted` are slugs that it leaves
    out; `rest` are stemmed content words that the grammar does not know.
    """

    text: str
    tokens: tuple[Token, ...]
    joint: bool = False
    excepted: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()


def read_clause(text: str, slugs: list[str]) -> Clause:
    """Args:
    text: folded, names replaced by `NAME_MARK`.
    slugs: of the marks, in order; those of this clause are taken off the list.
    """
    own = [slugs.pop(0) for _ in range(text.count(NAME_MARK))]
    text, kept, excepted = _without_excepted(text, own)
    joint = bool(_JOINT.search(text))
    tokens: list[Token] = []
    rest: list[str] = []
    position = 0
    for found in _FORM.finditer(text):
        rest += _unknown(text[position : found.start()])
        position = found.end()
        token = _FORMS[int(str(found.lastgroup)[1:])][0]
        if token.kind == "without":  # "works without X" is "does not require X"
            tokens += [Token("not"), Token("verb", "REQUIRES")]
            continue
        tokens.append(Token("name", slug=kept.pop(0)) if token.kind == "name" else token)
    rest += _unknown(text[position:])
    return Clause(text, tuple(tokens), joint, excepted, tuple(rest))


def _without_excepted(text: str, slugs: list[str]) -> tuple[str, list[str], tuple[str, ...]]:
    """The text without "besides X", the slugs that it still marks, and those that were taken out."""
    found = _EXCEPT.search(text)
    if not found:
        return text, slugs, ()
    first, count = text[: found.start()].count(NAME_MARK), found.group().count(NAME_MARK)
    left = text[: found.start()] + text[found.end() :]
    return left, slugs[:first] + slugs[first + count :], tuple(slugs[first : first + count])


def _unknown(text: str) -> list[str]:
    known = prose.STOP_WORDS | _FILLER
    return [prose.stem(word) for word in prose.words(text) if word not in known]

"""The English forms by which a question leans on the one before it; read by `followups`."""

from __future__ import annotations

import re

LEAD = re.compile(r"(?:(?:and|but|or|so|ok|okay|well|then|yes|no|now|please|hm+)\b[\s,]*)+", re.IGNORECASE)
TAIL = re.compile(r"(?:[\s,]+(?:please|then|too|as well|though|exactly|again|thanks|by the way))+$", re.IGNORECASE)
SENTENCES = re.compile(r"[.?!]\s+\S")
ABOUT = re.compile(r"(?:what|how) about |what of |and |for |the same for ")
QUESTION_WORD = re.compile(r"\b(?:what|who|whom|whose|which|how|why|where|when)\b")

# Whole questions that lean on what was spoken of; {it} is its subject, {that} the first that was told.
_PHRASES: tuple[tuple[str, str], ...] = (
    (r"(?:how|where) (?:do|can|could|should|would|might) (?:we|i|you|one) (?:start|begin"
     r"|get started)(?: with (?:it|that|this))?",
     "How do we start with {it}?"),
    (r"(?:what(?:'s| is| would be)|which is) (?:the|our|my) (?:very )?(?:first|next) steps?(?: then)?",
     "What is the first step with {it}?"),
    (r"what (?:do|should|can|would|must) (?:we|i|you|one)(?: need to| have to)? do (?:first|now|next)",
     "What is the first step with {it}?"),
    (r"(?:(?:do|can) you (?:know|name)|are there|is there|which are)?(?: any| some| the| other)* ?\w+ (?:that|who"
     r"|which) "
     r"(?:use|do|did|tried|practi[cs]e|adopted|have (?:done|tried))s? (?:it|that|this)", "Who uses {it}?"),
    (r"(?:(?:is there|are there|do you (?:have|know)) )?(?:anything|something|any(?:thing)? else"
     r"|patterns?) (?:similar|like (?:it|that|this))"
     r"|similar (?:ones?|patterns?|ideas?)", "What is similar to {it}?"),
    (r"what (?:do|would|will) (?:we|i|you|one) need(?: for (?:it|that|this)| first| before)?"
     r"|(?:what comes )?before that",
     "What does {it} require?"),
    (r"(?:and )?(?:after (?:that|this)|then what|what then|what(?: comes| is|'s|) next|what comes (?:after"
     r"|then)(?: that)?|what follows)",
     "What does {that} enable?"),
    (r"(?:tell me |say |any)? ?more(?: about (?:it|that|this))?(?: details)?|go on|elaborate|continue"
     r"|explain(?: more| further)?",
     "What is {it}?"),
    (r"(?:can|could) you (?:explain|say more|tell me more)(?: (?:about )?(?:it|that|this))?|tell me about (?:it"
     r"|that|this)",
     "What is {it}?"),
    (r"(?:(?:can|could|do) you )?(?:give|show|have|know)?(?: me| us)? ?(?:for|an?|any|some"
     r"|another)? ?examples?(?: of (?:it|that|this))?",
     "Who uses {it}?"),
    (r"(?:who|any(?:one|body)) else(?: (?:does|uses|has (?:done|tried)) (?:it|that|this))?", "Who else uses {it}?"),
    (r"what (?:could|can|might|may|would) go wrong(?: with (?:it|that|this))?", "What could go wrong with {it}?"),
    (r"why(?: is)?(?: (?:so|that|this|not))?|how come", "Why {it}?"),
)  # fmt: skip
PHRASE_FORMS = tuple((re.compile(form), whole) for form, whole in _PHRASES)

# What can be asked of a page, by the noun for it.
ASPECT = re.compile(
    r"(?:(?:what|how) about |what(?: are|'s| is) |are there |is there |(?:do|can) you (?:know|name) |does it have"
    r" |has it (?:got )?|which )?(?:its |their |the |any |some |other |an? )*"
    r"(?P<noun>tensions?|trade-?offs?|alternatives?|prerequisites?|preconditions?|requirements?|adopters?|users"
    r"|drawbacks?|downsides?|disadvantages?|risks?|limits?|benefits?|advantages?|costs?)(?: (?:of|for|to) (?:it"
    r"|that|this))?"
)
ASPECT_WHOLE = {
    "tension": "What is in tension with {it}?",
    "trade": "What is in tension with {it}?",
    "altern": "What are the alternatives to {it}?",
    "prereq": "What does {it} require?",
    "precon": "What does {it} require?",
    "requir": "What does {it} require?",
    "adopt": "Who uses {it}?",
    "users": "Who uses {it}?",
}
ELSE = re.compile(
    r"(?:what|anything|something|which|which ones?) else(?: (?:can|could|should|might) (?:we|i|one) (?:do|try))?"
    r"|(?:(?:do you have|are there|is there) )?(?:any|some) (?:other|more|further) (?:ideas?|options?|ways?"
    r"|patterns?|suggestions?)"
    r"|other (?:ideas?|options?|ways?|patterns?)|another(?: one| idea| way)?"
)
REVERSED = re.compile(r"(?:the )?(?:other way (?:a?round|about)|reverse|vice versa|in reverse|conversely)")
FORWARD = re.compile(r"what does (?P<name>.+?) (?P<verb>require|enable)\W*$", re.IGNORECASE)
BACKWARD = re.compile(
    r"(?:what|which patterns?) (?P<verb>requires?|enables?|leads? (?:up )?to) (?P<name>.+?)\W*$", re.IGNORECASE
)
MEANT = re.compile(
    r"(?:(?:no|sorry|oops|actually|wait|pardon|rather)\b[\s,.!:–-]*)*i (?:meant|mean|was asking about|asked about)"
    r"(?: to (?:say|ask(?: about)?))?[\s,:]+(?P<what>.+)",
    re.IGNORECASE,
)

PLACES = (
    ("first", "1st", "one", "1"), ("second", "2nd", "two", "2"), ("third", "3rd", "three", "3"),
    ("fourth", "4th", "four", "4"), ("fifth", "5th", "five", "5"),
)  # fmt: skip
PLACE = re.compile(
    r"\b(?:(?:the |that |this )?(?P<one>first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|5th) (?:one|pattern"
    r"|option|idea)\b"
    r"|(?:option|number|no\.?|pattern) (?P<number>one|two|three|four|five|[1-5])\b"
    r"|(?:the|that|this) (?P<bare>first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|5th)(?: of (?:them|these"
    r"|those)\b"
    r"|(?=\s*(?:[?.!,]|$|(?:and|or|requires?|enables?|needs?|depends?|works?|leads?)\b))))",
    re.IGNORECASE,
)
PAIR = re.compile(
    r"\b(?:(?:of |between )?(?:the|these|those) two(?: patterns)?|(?:of |between )(?:them|these|those)"
    r"|both(?: of (?:them|these|those))?"
    r"|them|they|(?:these|those)(?: patterns)?(?=\W*$| (?:work|go|fit|differ|relate|require|need|enable|conflict"
    r"|lead|have|do)\b))",
    re.IGNORECASE,
)  # fmt: skip
WHICH = re.compile(
    r"which(?: one)? (?:is|are|was|would|comes?|works?|costs?|needs?|takes?|fits?|suits?|should|do|can) (?!the\b).*"
)
ASKS = re.compile(
    r"(?:what|who|whom|whose|which|how|why|where|when|is|are|was|were|do|does|did|can|could|should|would|will|may"
    r"|might|must"
    r"|has|have|had|isn|aren|don|doesn|explain|describe|compare|tell|show|list|give|define|for|in|to|with|by)\b"
)
WHICH_OF = re.compile(r"which(?: one| pattern)? (?:of |between )?(?:the|these|those|them|both)\b.*")
FREE = (  # what follows "that" and "this" where they stand alone
    "requires?|enables?|needs?|means?|works?|leads?|depends?|costs?|takes?|helps?|involves?|looks?|does|do|already|conflicts?"
    "|goes|go|compares?|differs?|fits?|fails?|in|for|to|with|on|from|at|by|when|if|without|so|and|or|too|well|best|better|not"
)
ONE = re.compile(
    r"\b(?:(?:that|this) (?:one|pattern|approach|method|practice|idea)|the (?:pattern|approach"
    r"|method)(?!\s*[\"'“‘]| (?:that|which|called|named)\b)|its|it"
    rf"|(?:that|this)(?=\W*$| (?:{FREE})\b))(?!\w)",
    re.IGNORECASE,
)
REQUEST = re.compile(r"(?:compare|explain|describe|tell|show|list|give)\b(?!.*:)", re.IGNORECASE)
THING = re.compile(
    r"\b(?:a|an|the|our|my|their|your|his|her|some|every|each|no|any|someone|somebody|people)\b(?! same\b)"
)
NAME = re.compile(r"(?<=\w )(?!I\b)[A-Z]\w*")
SECOND_CLAUSE = re.compile(r"\b(?:and|but|or) (?:what|who|how|why|when|where|is|are|does|do|can)\b")
OF = re.compile(r"\b(?:a|an|the) \w+ (?:of|between|for|to|with|behind|about)\W*$")
EMPTY_IT = re.compile(
    r"\bit (?:\w+ ){0,5}(?:to \w|that\b|if\b|whether\b|when\b)|\bwhat (?:time|day|date|year|month) is it\b"
    r"|\bit (?:raining|snowing|cold|warm|hot|dark|late|early)\b"
)
CONDITION = re.compile(
    r"(?:what |how )?(?:about )?(?P<how>if|when|for|in|inside|within|with|without|as|at|among|amongst|across"
    r"|during|on|under|near)\b (?P<what>.+)"
)
NUMBER = "only|just|about|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|fifty|a hundred|[0-9]+"
WHO_WE_ARE = re.compile(rf"(?:we are|we're|i am|i'm) (?:an?|{NUMBER})\b.*")
LEANS = re.compile(r"\b(?:it|them|they|that|this|these|those|one of)\b")
CLAUSE = re.compile(r"\b(?:i|we|they|he|she|you|nobody|everybody|somebody|no one|everyone)\b")

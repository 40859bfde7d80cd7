"""What a sentence says that somebody does: the forms of English in which a use is told.

A sentence counts when a name is its subject with a verb of doing ("X built …"), the place of the
work ("At X, …"), behind "used by", one of a list ("firms such as X use …") or a declared example;
so does a told case with a label ("**X (2012):** …"). It does not count when it compares, supposes,
tells a failure, or speaks of a study.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from cml_mm.corpus.adopter_names import NAME, clean_name, is_common, is_country
from cml_mm.prose import fold, plain


@dataclass(frozen=True)
class Claim:
    """Names as matched in one sentence.

    `clarity` is 3 for a verb of use, 2 for a verb of doing. `needs_topic`: the verb is so vague that
    the sentence must speak of the pattern in its own words.
    """

    names: str
    clarity: int
    needs_topic: bool = False


def is_against(raw: str) -> bool:
    """Whether a sentence compares, supposes or tells of a failure."""
    return _AGAINST.search(raw) is not None


def is_against_heading(heading: str) -> bool:
    """Whether a heading or label announces criticism, counter-examples or research."""
    return _AGAINST_HEADING.search(heading) is not None


def plain_words(raw: str) -> str:
    """A sentence in plain words; book titles and quoted words are put out of sight."""
    if "*" in raw or "_" in raw:
        raw = _ITALIC.sub("‹›", raw).replace("**", "")
    if "[" in raw:
        raw = _LINK.sub(r"\1", raw)
    if '"' in raw or "“" in raw:
        raw = _QUOTED.sub("“…”", raw)
    return " ".join(raw.replace("`", "").split())


def claims_of_label(label: str, words: str, later: str) -> list[Claim]:
    """The claim of a told case.

    Args:
        label: the bold words before it, as written.
        words: the sentence behind the label, in plain words.
        later: the rest of the paragraph.

    Returns:
        One claim where the sentence tells of a deed, and it or the paragraph speaks of the labelled
        name again or says what it is ("This Dutch organisation …"); else none.
    """
    label = _LABEL_KIND.sub("", plain(label)).strip()
    found = _LABELLED.match(label)
    if found is None or not words or not (deed := _DEED.search(words)) or _STUDY.search(label) or _FACED.search(words):
        return []
    told = f"{words} {later}"
    if not _LABEL_TAIL.match(found["tail"]) or _PERSONAL.search(told):
        return []
    names = [clean_name(name) for name in found["names"].split(" and ")]
    known = [name for name in names if name and any(_is_told(word, told) for word in name.split())]
    possessive = found["tail"].startswith(("'", "’"))
    if not known and (possessive or not _ORGANISED.match(words)):
        return []
    return [Claim(", and ".join(known or names[:1]), 2, needs_topic=deed["fame"] is not None)]


def claims_of_sentence(words: str, labelled: bool) -> list[Claim]:
    """What a sentence itself says that somebody does.

    Args:
        words: the sentence in plain words.
        labelled: whether it tells a labelled case, so that a vague verb is of that case.

    Returns:
        Its claims; none where nobody named does anything.
    """
    claims = _by_subject(words, labelled)
    listed = " such as " in words or " like " in words or " including " in words
    sampled = any(stem in words for stem in _SAMPLE_STEMS)
    if not claims and sampled and (found := _IS_EXAMPLE.match(words)) and _leads(found["np"], listed):
        claims.append(Claim(found["names"], 3))
    if not claims and (found := _IN_CITY.match(words) or _AT.match(words)) and not _STUDY.search(words):
        claims.append(Claim(found["names"], 2))
    if (" by " in words or " at " in words) and (found := _USED_BY.search(words)) and not _STUDY.search(words):
        claims.append(Claim(found["names"], 3))
    if listed and (found := _SUCH_AS.search(words) or _WHO_USE.search(words)):
        claims.append(Claim(found["names"], 2))
    if sampled and (found := _INCLUDE.search(words)):
        claims.append(Claim(found["names"] or found["one"], 2))
    return claims


def _by_subject(words: str, labelled: bool) -> list[Claim]:
    found = _SUBJECT.match(words)
    if found is None or not _leads(found["np"]) or _PERSONAL.search(words) or _FACED.match(words):
        return []
    if _NOT_YET.match(found["names"]) or (is_country(found["names"]) and words[: found.start("names")].endswith(", ")):
        return []  # "If X …", and "When Porto Alegre, Brazil …"
    helpers = set(found["helpers"].split())
    verb = found["strong"] or found["plain"] or found["vague"]
    being = helpers & {"is", "are", "was", "were", "been"}
    if being and not verb.endswith("ing") and "to" not in helpers:
        return []  # passive: something was done to them
    if verb.endswith("ing") and not being and not helpers & {"began", "started"}:
        return []  # a participle: the verb comes later
    return [Claim(found["names"], 3 if found["strong"] else 2, found["vague"] is not None and not labelled)]


def _leads(noun_phrase: str, listed: bool = False) -> bool:
    """Whether the words before a name describe it ("the retailer X") and are no place ("a firm in X")."""
    last = noun_phrase.split()[-2:]
    if listed and last[-1:] in (["like"], ["as"]):
        return True  # "the success of firms like X"
    if noun_phrase.startswith(("A ", "An ", "a ", "an ")):
        return False  # "a well-made X" is a kind of thing
    if last[-1:] == ["of"]:
        return last[0] in {"city", "town", "state", "municipality", "government", "village", "county", "people"}
    return _NO_DESCRIPTION.isdisjoint(noun_phrase.split())


def _is_told(word: str, told: str) -> bool:
    return not is_common(fold(word)) and re.search(rf"\b{re.escape(word)}\b", told) is not None


def _verbs(entries: str, which: Literal["all", "finite"] = "all") -> str:
    """Forms of verbs, regular ones and those given behind a slash; "finite": as told of one adopter."""
    forms: list[str] = []
    for entry in entries.split():
        stem, *irregular = entry.split("/")
        if stem.endswith("y") and stem[-2] not in "aeiou":
            regular = [f"{stem[:-1]}ies", f"{stem[:-1]}ied", f"{stem}ing"]
        else:
            root = stem[:-1] if stem.endswith("e") else stem
            ending = "es" if re.search(r"(?:s|sh|ch|x)\Z", stem) else "s"
            regular = [stem + ending, f"{root}ed", f"{root}ing"]
        forms += [stem, *regular, *irregular] if which == "all" else [*regular[:-1], *irregular]
    listed = sorted(dict.fromkeys(forms), key=len, reverse=True)
    return "|".join("used(?! to )" if form == "used" else form for form in listed)


_OF_USE = (
    "adopt use implement practise practice apply employ embrace embed/embedded/embedding institutionalise "
    "institutionalize integrate incorporate pioneer utilise utilize leverage deploy operationalise operationalize "
    "codify formalise formalize champion"
)
_OF_DOING = (
    "design structure organise organize establish institute introduce maintain require conduct rotate govern "
    "encourage invest commit/committed/committing encode map/mapped/mapping measure test redesign replace distribute "
    "decentralise decentralize federate cap/capped/capping elect allocate transform foster cultivate manage combine "
    "ground weave/wove anchor reinvest empower convene coordinate separate protect prioritise prioritize restructure "
    "rebuild/rebuilt craft curate crowdsource delegate assign steward shift reframe treat rely train teach/taught "
    "build/built create replicate calibrate balance share rethink/rethought hold/held run/ran/running"
)
_VAGUE = (
    "develop launch keep/kept offer provide allow limit fund support set/setting turn give/gave giving make/made "
    "publish invite model ask enable ensure pay/paid pair gather work open bring/brought spend/spent hire track "
    "sustain exemplify embody demonstrate illustrate show function follow host move adapt"
)
_HOW = r"(?:with|on|under|through|as|by|using|without|according)"
_STRONG_VERB = rf"(?:{_verbs(_OF_USE)}|(?:{_verbs('operate run/ran rely')}) {_HOW})"
_DOING_VERB = _verbs(_OF_DOING)
_VAGUE_VERB = _verbs(_VAGUE)
_VERB = rf"(?:(?P<strong>{_STRONG_VERB})|(?P<plain>{_DOING_VERB})|(?P<vague>{_VAGUE_VERB}))\b"

_LIST = rf"(?:the )?{NAME}(?:(?: \([^)]{{1,60}}\))?(?:,? (?:and|or)(?: the)? |, (?:the )?|/){NAME}){{0,6}}"
_LEAD_IN = (
    r"(?:(?:In|Since|By|During|From|After|Around|Between|Today|For|Similarly|Meanwhile|At|With|Under|Through|Facing|"
    r"Rather|Instead|Over|Beginning|Starting|Founded|Following|When|As|Among|Across|On|While|Here|Later|More|Most|"
    r"Perhaps|Despite|Within|Before|Also|Now|Then|Again|Like|Because|To|\w+ly|\w+ing)\b[^,.:;?!]{0,70}, )?"
)
_OF_A_PEOPLE = r"[A-Z][a-z]*(?:ish|ese|ian|can|utch|ench|man)(?= [a-z])"  # "the Dutch organisation X"
_NOUN_PHRASE = rf"(?:(?:[Tt]he|[Aa]n?|[Bb]oth) (?:(?:[a-z][\w'’-]*|{_OF_A_PEOPLE}),? ){{0,6}})?"
_ASIDE = (
    r"(?: \([^)]{1,90}\))?"
    r"(?:,? (?:—|–) [^—–.;]{2,120} (?:—|–)|—[^—.;]{2,120}—"
    r"|, (?:an?|the|one|founded|based|now|headquartered|part|with|under|through|in|formerly|originally|"
    r"established|launched|born|home|where|which|whose|known|led|started|since|as) [^;:.()]{2,140}?,"
    r"|, [A-Z]\w+(?: [A-Z]\w+)?,)?"
)
_KIND = (
    r"own|city|municipal|local|national|regional|federal|early|internal|central|self-managing|worker-owned|frontline|"
    r"engineering|product|design|senior|worker|member|nursing|open-source|editorial|volunteer|production|individual"
)
_PEOPLE = (
    r"teams?|members?|employees?|staff|workers?|engineers?|managers?|leaders?|leadership|nurses?|editors?|"
    r"administrators?|admins?|communit(?:y|ies)|cooperatives?|co-ops?|chapters?|councils?|stores?|schools?|branches|"
    r"developers?|contributors?|maintainers?|residents?|farmers?|officials?|designers?|organi[sz]ers?|volunteers?|"
    r"units?|groups?|firms?|enterprises?|federation|movement|network|factor(?:y|ies)|plants?|collective|"
    r"planners|practitioners|government|administration|board|assembl(?:y|ies)|municipality|mayor|departments?|founders?"
)
_THEIRS = rf"(?:(?:['’]s?)?(?: (?:{_KIND})){{0,2}} (?:{_PEOPLE}))?"
_HELPERS = (
    r"(?P<helpers>(?: (?:has|have|had|also|now|then|both|all|each|long|since|still|today|later|once|first|soon|often|"
    r"always|is|are|was|were|been|began(?: to)?|begins? to|started|continue[sd]? to|chose to|decided to|came to|"
    r"went on to|helped(?: to)?|to|\w+ly))*)"
)
_SUBJECT = re.compile(rf"{_LEAD_IN}(?P<np>{_NOUN_PHRASE})(?P<names>{_LIST}){_THEIRS}{_ASIDE}{_HELPERS} {_VERB}")
_SAMPLE_STEMS = (
    *("xample", "dopter", "user", "Users", "ractitioner", "xemplar", "ioneer", "mbodiment", "nstance", "estament"),
    *("mplement", "emonstration", "llustration", "pplication"),
)
_SAMPLE = (
    r"(?:examples?|adopters?|users?|practitioners?|exemplars?|pioneers?|embodiments?|instances?|testament|"
    r"implementations?|demonstrations?|illustrations?|applications?)"
)
_IS_EXAMPLE = re.compile(
    rf"{_LEAD_IN}(?P<np>{_NOUN_PHRASE})(?P<names>{_LIST})(?:['’]s? [\w -]{{2,50}}?)?{_ASIDE} (?:is|are|was|were|"
    r"stands? as|serves? as|remains?|represents?|offers?|provides?|became|has become) (?:perhaps |also |often |widely |"
    rf"frequently |cited |as |considered )*(?:an?|the|one of|another|among|our)\b[^.;]{{0,70}}?\b{_SAMPLE}\b"
)
_AT = re.compile(
    rf"{_LEAD_IN}[Aa]t (?:the )?(?:[a-z][\w'’-]* ){{0,4}}(?P<names>{NAME})(?: \([^)]{{1,60}}\))?"
    rf"(?: in {NAME})?(?:, an? [^,.;]{{2,90}})?(?:, in {NAME})?, "
)
_IN_CITY = re.compile(
    rf"In (?P<names>{NAME})(?:, {NAME})?(?: \([^)]{{1,40}}\))?, the (?:city|municipal|local|regional|newly elected) "
    rf"?(?:government|administration|council|authorities|municipality)?[^,.;]{{0,40}}?{_HELPERS} "
    rf"(?:{_STRONG_VERB}|{_DOING_VERB})\b"
)
_USED_BY = re.compile(
    r"(?<!not )(?:adopted|used|practi[sc]ed|implemented|employed|pioneered|applied|embraced|championed|deployed|"
    r"embodied|exemplified|operated|in use)(?: (?:\w+ly|today|now|successfully))?(?: by| at)"
    rf"(?: (?!in )[a-z]\w*)?(?: (?:(?!in )[a-z][\w-]* ){{0,5}}?(?:like|such as|including))? "
    rf"(?P<names>(?:(?!in |of |from |at )[a-z][\w-]* ){{0,4}}?{_LIST})"
)
_GROUP = (
    r"(?:organi[sz]ations?|compan(?:y|ies)|firms|businesses|cities|adopters|platforms|projects|communities|teams|"
    r"movements|groups|cooperatives|co-ops|municipalities|governments|institutions|networks|enterprises|startups|"
    r"start-ups|users|manufacturers|retailers|brands|nonprofits|countries|states|giants|leaders|corporations|"
    r"federations|agencies|banks|schools|practitioners|initiatives|ones|places)"
)
_SUCH_AS = re.compile(
    rf"\b(?<!in ){_GROUP}(?:(?! in )[^.;:,]){{0,40}}?,? (?:like|such as|including) (?P<names>{_LIST})"
    rf"[^.;:]{{0,40}}?{_HELPERS} (?:{_STRONG_VERB}|{_DOING_VERB})\b"
)
_WHO_USE = re.compile(
    rf"\b{_GROUP} (?:that|which|who|around|across|worldwide|have|has|using|adopting|practi[sc]ing|implementing)"
    rf"[^.;:]{{0,60}}?\b(?:{_STRONG_VERB})\b(?:(?! to | for | through | in order )[^.;:]){{0,60}}?,? "
    rf"(?:such as|including|like) (?P<names>{_LIST})"
)
_TO_NAME = rf"(?: (?!of |from |for |in |by |on |with |to |not )(?:[a-z][\w-]*|{_OF_A_PEOPLE})){{0,6}}?"
_NO_PEOPLE = rf"(?!(?:the )?{_OF_A_PEOPLE})"
_INCLUDE = re.compile(
    r"(?:\b(?:[Aa]dopters|[Uu]sers|[Pp]ractitioners|[Ee]xamples|[Ii]mplementations|[Ii]mplementers|[Pp]ioneers)\b"
    rf"(?:(?! that | which | who )[^.;:]){{0,60}}? (?:include|are|includes){_TO_NAME}:? "
    rf"{_NO_PEOPLE}(?P<names>(?:the )?{_LIST}))"
    r"|(?:\b(?:example|adopter|exemplar|pioneer)s?(?: of (?:(?! that | which | who )[^.:;]){3,90}?)? "
    r"(?:is|are|was|comes? from|can be found in|can be seen in|can be seen at|is found in)(?: the| that of| how)?"
    rf"{_TO_NAME} {_NO_PEOPLE}(?P<one>{_LIST}))"
)

_NO_DESCRIPTION = frozenset(
    """in at by from with to for and or on near across between into behind like through that as than under is was has
    have had why how which when where allowed allows enabled helped became made led of""".split()
)
_NOT_YET = re.compile(r"(?:If|Before|Until|Unless|Without|Suppose|Imagine|Had|Whether|Unlike)\b")
_AGAINST_HEADING = re.compile(
    r"\b(?:criticisms?|counter-?examples?|failures?|failed|anti-?patterns?|negative|cautionary|limitations?|challenges|"
    r"references|sources|research|studies|theor(?:y|etical)|bibliography|warnings?|collapse)\b",
    re.I,
)
_AGAINST = re.compile(
    r"\b(?:imagine|hypothetical|fictional|suppose|unlike|counter-?example|cautionary|in contrast to|as opposed to|"
    r"abandon(?:ed|s|ing)?|backfired|dismantled|discontinued|scrapped|unravell?ed|could have|would have|might have|"
    r"should have|had it|failed|fails|failing to|critici[sz]ed|faced criticism|scandal|fraud|bankrupt\w*|collapsed|"
    r"resisted|refused|reversed course|retreated|backed away|rolled back|never|no longer|ignored|neglected|lacked|"
    r"broke down|breaks down|eroded|betrayed|violated|exploit(?:s|ed|ative)|did not|didn['’]t|does not|doesn['’]t|"
    r"stumbled|suffered|conducted [^.,;]{0,30}(?:research|studies)|wealth of|original research|moved on|"
    r"moved away from|initially approached|the trap|trapped)\b",
    re.I,
)
_STUDY = re.compile(
    r"\b(?:stud(?:y|ies|ied)|researchers?|surveys?|experiments?|professors?|psychologists?|scholars?|lab|dissertation|"
    r"meta-analys[ei]s|trials?|participants|et al|coined|theor(?:y|ised|ized)|the (?:term|word|phrase|metaphor))\b",
    re.I,
)
_LABEL_KIND = re.compile(
    r"^(?:(?:use case|case study|known use|case|example|story|use|instance|study|illustration|context|practice)s?"
    r"(?: ?#?(?:\d+|one|two|three|[A-D]))? ?[:.–—-]+ |\d+[.):] ?)+",
    re.I,
)
_LABELLED = re.compile(rf"(?:The )?(?P<names>{NAME}(?: and {NAME})?)(?P<tail>.*)", re.DOTALL)
_LABEL_TAIL = re.compile(
    r"['’]s? |['’]?s?[.:]?\Z| ?[(:—–-]|, (?:[A-Z\d]|the |an? |now |led |formerly |founded )|"
    r" (?!as |in |on |of |to |by |from |with |for |at |through |and |vs|"
    r"[^(:]*(?:organi[sz]ing|organi[sz]ers|campaigns?|strikes?|protests?|unions?|activists|critics|users)\b)[a-z]"
)
_DEED = re.compile(
    rf"\b(?:{_verbs(_OF_USE, 'finite')}|{_verbs(_OF_DOING, 'finite')}|{_verbs(_VAGUE, 'finite')}|"
    rf"operat(?:es?|ed) {_HOW}|(?:by|through|is|are|been|was|were|began|started) (?:{_STRONG_VERB}|{_DOING_VERB})|"
    r"using|adopting|implementing|applying|examples?|adopters?|has a long history of|"
    r"functions? (?:as|through)|"
    r"(?P<fame>pioneers?|famous for|known for|renowned for|has an?|have))\b"
)
_FACED = re.compile(
    r"^(?:[^.,;]{0,80}, )?(?:[^,.;]{0,60} )?(?:faces?|faced|confronted|struggled|encountered|"
    r"recogni[sz]ed|reali[sz]ed|discovered|noticed|wanted|needed|found|saw|risked|learned|initially)\b"
)
_ORGANISED = re.compile(
    r"(?:\([^)]*\)\s*)?(?:As |Founded (?:in|by) |Since \d+, |In \d+s?, )?(?:an?|the|this|one of|perhaps the|another|"
    r"these|"
    r"its|their)\b[^.;:]{0,90}?\b(?:organi[sz]ations?|compan(?:y|ies)|firms?|business(?:es)?|enterprises?|corporation|group|"
    r"giant|retailer|manufacturers?|makers?|producer|provider|supplier|bank|insurer|carrier|airline|brand|start-?up|agency|"
    r"department|ministry|government|council|city|town|municipality|region|state|country|nation|tribe|community|"
    r"communities|cooperatives?|co-ops?|federation|union|network|movement|coalition|collective|alliance|association|"
    r"foundation|institute|institution|university|college|school|hospital|clinic|nonprofit|non-profit|charity|ngo|church|"
    r"platform|protocol|dao|service|project|program(?:me)?|initiative|studio|lab|farm|store|shop|team|farmers|volunteers|"
    r"originators?|pioneer|leader|leading|adopters?|birthplace|example|utility|publisher|restaurant|marketplace)\b"
    r"|(?:it|they|used|uses|adopted|implemented|started|built|developed|leveraging|using|implementing|adopting)\b",
    re.I,
)
_ITALIC = re.compile(r"(?<![\w*])(?:\*(?!\*)[^*\n]{2,120}(?<!\*)\*(?!\*)|_[^_\n]{2,120}_)(?!\w)")
_LINK = re.compile(r"\[(?:\^?\d[\d, ]*|([^\]\n]+))\](?:\([^)\n]*\))?")
_QUOTED = re.compile(r"[“\"][^”\"\n]{1,200}[”\"]")
_PERSONAL = re.compile(r"\b(?:he|she|his|her|himself|herself)\b", re.I)

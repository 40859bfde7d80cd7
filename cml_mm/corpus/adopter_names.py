"""What may be the name of somebody who uses a pattern, told by how it is written and by what its words mean.

No model of names is used: a capitalised run of words is a name unless English says that it is something
else: the first word of a sentence, a month, a job, a method, a book, a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cml_mm.corpus.names import words_of
from cml_mm.prose import STOP_WORDS, fold, terms
from cml_mm.types import Section

_TOKEN = (
    r"(?:(?:[A-ZÀ-ÖØ-ÞĀ-Ž]|[a-z](?=[A-Z])|\d(?=\d?[A-Z]))(?:(?!['’]s\b)(?:\w|[&'’.\-](?=\w)))*"
    r"(?:(?<=\b[A-Z])\.(?= [A-Z]))?)"
)
_LINK = r"(?: (?:of(?: the)?|de(?: la| las| los)?|del|la|las|los|do|da|dos|du|des|di|der|van|von|for(?: the)?|&|en))"
NAME = rf"{_TOKEN}(?:{_LINK}? {_TOKEN}){{0,6}}(?:,? (?:Inc|Ltd|LLC)\b\.?)?"

_OPENERS = frozenset(
    """the a an this that these those its their his her our my your one two three four five six several many some most
    all both each every other another such similarly however meanwhile today recently here there then thus
    therefore instead rather although though while when where what why how who which whether if unless until since
    because after before during between among across within without unlike like as at by for from in into of off
    on onto over per through to toward towards under upon via with and or but nor so yet first second third
    finally early later modern contemporary historically traditionally originally notably famously importantly
    specifically increasingly perhaps even also still more less no not never none nothing everything something
    anyone everyone someone people they we he she it you i examples example case cases study studies research
    researchers evidence data results note source sources see cf notable documented enhanced experienced increased
    improved reduced rooted based founded used adopted started applied inspired known named called driven led
    built open-source using adopting applying practicing building creating leading late mid post pre once now just
    only yes""".split()
)
_CALENDAR = frozenset(
    """january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday spring summer autumn fall winter century""".split()
)
_NATIONALITIES = frozenset(
    """african american arab argentine asian australian austrian basque bavarian belgian brazilian british bulgarian
    canadian catalan chilean chinese colombian croatian czech danish dutch egyptian english estonian ethiopian
    european finnish flemish french german ghanaian greek hungarian icelandic indian indonesian iranian iraqi
    irish israeli italian japanese jewish kenyan korean latin latvian lithuanian malaysian mexican moroccan muslim
    nigerian nordic norwegian pakistani persian peruvian polish portuguese roman romanian russian scandinavian
    scottish senegalese serbian slovak soviet spanish swedish swiss syrian thai turkish ukrainian venezuelan
    viennese vietnamese welsh western eastern northern southern christian catholic protestant buddhist hindu
    islamic confucian taoist zen stoic indigenous black white global international north south east west
    victorian""".split()
)
_JOBS = frozenset(
    """judge
    ceo cto cfo coo founder cofounder president director manager professor prof dr mr mrs ms sir saint st
    father sister brother mayor minister senator governor king queen emperor pope prince chief general captain chair
    chairman chairwoman coach author writer engineer researcher scholar psychologist economist philosopher
    theologian sociologist anthropologist architect designer activist organizer organiser leader nurse teacher
    rabbi imam sheikh guru swami lama abbot bishop poet artist""".split()
)
# Words of which headings and labels are made. A name needs one word that is none of these.
_COMMON = frozenset(
    """ability path option younger older works cloud computing elders indie greater faster lower higher cheaper easier
    stronger deeper wider fewer flexibility fortune academic adopters adopter agility vp cops clts roa hdls er academy
    access accountability action active activism activist activists adaptation adaptive adoption advanced adult
    agency agencies agile agriculture aid alliance analysis analytics anonymous application approach architecture
    art artificial arts assemblies assembly assessment asset assets association associations autonomous autonomy
    awareness balance bank banks behavior behavioral benefit benefits best better big board boards body brand
    budget budgeting building business care career center centers centre change charter child children circle
    circles cities citizen citizens city civic civil class classroom client climate clinic clinical clinics club
    coaching code cognitive collaboration collaborative collective collectives college commission committee common
    commons communication communities community companies company comparative competency complex conflict
    congregation congregations consensus conservation construction consulting contemplative context continuous
    cooperative cooperatives coop coops co-op co-ops co-operative co-operatives corporate corporation corporations
    cost council councils counter counter-example couples court courts creative creators crisis critical cross
    cultural culture customer customers data decentralized decision decision-making deep democracy democratic
    deployment design developer developers development digital direct disaster discipline distributed district
    diverse diversity domain early ecological ecology economic economics economy education educational efficiency
    emergency emotional empirical employee employees empowerment energy engagement engineering enterprise
    enterprises environment environmental equity ethical ethics evaluation events evolution example executive
    executives experience experimental experiments expert external facilitation families family farm farmers
    farming farms federal federation fellowship feedback feminist field finance financial fire first flow food
    forest forum foundation founders framework free fund funds future game garden gardens gender generation global
    goal government governments governance green grief group groups growth guild guilds habit harm healing health
    healthcare high hospital hospitals house housing human humanitarian identity impact implementation improved
    improvement incident increased individual industrial industry informal information infrastructure initiative
    initiatives innovation innovative institute institution institutional institutions integrated integration
    intellectual intelligence intentional internal internet intervention investment investors journal journalism
    joint justice key kitchen knowledge labor labour lab laboratory labs land language large law leadership
    leaders lean learning legal lessons level library libraries life lifecycle literature local long long-term
    machine maintenance maker makerspace makerspaces management manufacturing market marketing markets martial
    master media mediation medical medicine meditation meeting member members mental mentorship meta methods
    metrics military mindful mindfulness ministry mobile model models modern monastic monasteries monastery
    movement movements multi municipal municipalities music mutual mutual-aid narrative national native nature
    navigation neighborhood neighborhoods network networks neuroscience new non-profit nonprofit nonprofits
    nursing office old ongoing online open open-source operational operations oral organic organisation
    organisations organisational organization organizational organizations organizers organizing outcomes outdoor
    parent parenting participation participatory partnership partners patient patients pattern patterns peace peer
    peers performance permaculture personal philosophy physical pilot place planning platform platforms play
    police policy political practice practices practitioner practitioners press preventive primary principle
    private proactive problem process product production productivity products professional professionals program
    programme programmes programs project projects promotion protection protocol protocols psychological
    psychology public quality race racial radical rapid rapid-response real real-world recovery reduced reduction
    reflection reform refugee region regional relationship religious renewable reparations research resilience
    resilient resistance resource response restorative retail review risk ritual rural safety satisfaction scale
    school schools science scientific scientists secondary sector secular security self-organizing self-management
    senior service services shared sharing shelter small smart social society software solidarity solution somatic
    space spiritual sports staff standard startup startups state states stewardship story strategic strategy
    structural structure student students success successful support survivor sustainability sustainable system
    systemic systems teaching team teams tech technical technological technology temporary tenant theory
    therapeutic therapists therapy time tool tools town township trade tradition traditional traditions trail
    training trans transformation transit transition translation transport trauma trauma-informed treatment trial
    tribal truth trust union unions unit universal universities university urban user users utility value values
    venture village villages violence virtual vision volunteer volunteers voluntary water wellness wisdom women
    work worker worker-owned workers workforce working workplace workshop workshops world year young youth zero
    agi ai iot api apis hr it saas b2b b2c ngo ngos dao daos crm erp okr okrs kpi kpis roi vc vcs cso csos r&d ux
    ui ml llm llms gpt mvp esg csr usd eur gdp adhd ptsd dei diy faq pdf smes sme us uk eu un lgbtq stem cbt dbt
    mbsr dna phd mba""".split()
)
# A name that ends in one of these is a method, a text, an event or a study, not somebody.
_NO_ADOPTER_HEADS = frozenset(
    """act acts agenda agreement agreements algorithm analysis approach architecture argument article assessment award
    book books bill board budget budgeting campaigns canvas card cards case cases category chain chapter charter
    code codes concept conference constitution contract contracts convention course courses crisis culture cup
    curve cycle dashboard day days decision-making declaration design diagram dilemma discipline doctrine effect
    effects engine epic era essay ethics evidence example examples experiment experiments festival form framework
    frameworks games governance guide guidelines handbook heuristic hypothesis index kata kanban keynote law laws
    leadership learning letter letters library license licenses licensing loop loops management manifesto manual
    map mapping matrix meeting meetings mentality methodology method methods mindset model models month narrative
    order paper papers pandemic paradigm paradox path pattern patterns philosophy plan planning policy policies
    portfolio practice practices principle principles prize process processes product protocol protocols pyramid
    questions reality regulation regulations redesign reform reforms report reports research retrospective
    revolution review ritual rituals rounds rule rules scale score scrum series sessions speech spiral sprint
    sprints stack standard standards statement story strategy studies study summit summits survey surveys syndrome
    system systems talk technique theory therapy thinking tool toolkit tools training transformation transition
    treaty trial trials wall war way week workflow workshops years agile devops lean holacracy sociocracy
    blockchain web""".split()
)
_PUBLICATIONS = re.compile(
    r"\b(?:Review|Journal|Press|Magazine|Quarterly|Times|Guardian|Post|Economist|Tribune|Bulletin|Proceedings|Gazette|"
    r"Report|Encyclopedia|Dictionary|Books?|Publishers?|Publishing|McKinsey|Gartner|Forrester|Gallup|Deloitte|PwC)\b"
)
_GIVEN_NAMES = frozenset(
    """aaron abraham adam adrienne ahmed aisha alan albert alex alexander alexandra alfred alice alicia amanda amara
    amina amy ana andrea andreas andrew angela anil anita ann anna anne annie anthony antonio arthur arun audre
    barbara ben benjamin bernard bessel beth betty bill bob brené brian bruce bryan caitlin carl carla carlos
    carol caroline catherine cesar charles charlie charlotte chen chris christian christina christine christopher
    claire clara claude clay cynthia dalai dan daniel daniela dave david deborah deepak dennis diana diane diego
    dolores don donald donella donna dorothy douglas edgar edward eduardo elena eli elinor elizabeth ella ellen
    emily emma emmanuel eric erica erik erin ernest esther ethan eva evelyn fatima felix fernando florence frances
    francis francisco frank fred frederic frederick friedrich fritz gabriel gandhi gary george gerard gloria grace
    graham greg gregory greta guillermo gustavo hannah hans harold harriet harry hassan heather helen henri henry
    herbert howard hugo ian ibrahim ignatius igor ingrid ira isaac isabel isabella ivan jack jackie jacob jacques
    jaime jake james jamie jan jane janet janine jason javier jay jean jeff jeffrey jennifer jenny jeremy jerome
    jerry jesse jessica jesus jim joan joanna joanne joe joel johann john jon jonas jonathan jordan jorge josé
    jose joseph joshua juan judith judy julia julian julie julius karen karl kate katherine kathleen kathy katie
    keith kelly ken kenneth kevin kim kofi kurt larry laura lauren lawrence leah lee leila leo leon leonardo
    leonard leslie lewis liam linda linus lisa liz lloyd louis louise lucia lucy luis luke lydia lynn malcolm
    malala manuel marcel marco marcus margaret maria mariame marie marina mario marion marjorie mark marsha
    marshall martha martin mary marcia matt matthew maurice max maya mei meg melissa mia michael michelle miguel
    mike mina mohamed mohammed molly monica muhammad nancy naomi natalie nathan neil nelson niklas nicholas nick
    nicole nina nora octavia olga oliver olivia omar oscar otto pablo pamela parker pat patricia patrick paul
    paula paulo pedro pema peter phil philip priya rachel rafael raj ralph ray raymond rebecca renee ricardo
    richard rick rob robert roberto robin roger ron ronald rosa rose rosalind roy russell ruth ryan sally sam
    samantha samuel sandra sara sarah scott sean septima sergio seth sharon shirley shunryu simon simone sofia
    sonia sophia sophie stephanie stephen steve steven stewart stuart sue susan suzanne sylvia takeshi tamara tara
    ted teresa terry tessa thich thomas tim timothy tina todd tom tomas tony tricia tyler valerie vanessa vera
    victor victoria vijay vincent virginia vladimir wangari walter warren wayne wendy will william wolfgang yasmin
    yuki yuri yusuf yvonne zach zoe yvon augusto staci bj shoshana satya sakichi taiichi eiji kiichiro jos tawwab
    ursula elon mahatma jeffery paolo paola ingmar sven lars anders søren mette ole nils erling giuseppe antonella
    tristan nassim viktor cal ezra toni marge starhawk pauline brene angeles hector""".split()
)
_COUNTRIES = frozenset(
    """afghanistan argentina australia austria bangladesh belgium bhutan bolivia brazil bulgaria california cambodia
    canada catalonia chile china colombia costa-rica croatia cuba czechia denmark ecuador egypt england estonia
    ethiopia europe finland france germany ghana greece guatemala hungary iceland india indonesia iran iraq
    ireland israel italy japan kenya kerala korea latvia lithuania malaysia mexico morocco nepal netherlands
    nicaragua nigeria norway oregon pakistan peru philippines poland portugal romania russia rwanda scotland
    senegal slovenia spain sweden switzerland syria taiwan tanzania thailand tunisia turkey uganda uk ukraine
    uruguay usa venezuela vermont vietnam wales zimbabwe africa asia america texas ohio illinois michigan
    massachusetts""".split()
) | {
    "new zealand",
    "south africa",
    "south korea",
    "costa rica",
    "united states",
    "united kingdom",
    "sri lanka",
    "basque country",
    "latin america",
    "north america",
    "new york",
    "the netherlands",
}
_ROMAN = re.compile(r"[IVX]+\Z")


def find_names(listed: str) -> list[str]:
    """The names of a run such as "X, Y (Peru), and the Z", cleaned, without the countries in which they are."""
    bare = _BRACKETS.sub("", listed)
    names = [clean_name(found.group()) for found in _NAME.finditer(bare)]
    if len(names) == 2 and re.search(r"\b(?:and|or)\b|/", bare) is None:
        names = names[:1]  # "Vienna, Austria"
    if any(fold(name) in _GIVEN_NAMES for name in names):
        return []  # "Marcus and Delia"
    places = [is_country(name) for name in names]
    return [name for number, name in enumerate(names) if name and (all(places) or not places[number])]


def clean_name(raw: str) -> str:
    """A name without article, job, possessive and full stop at its ends."""
    words = _MEMBERS_OF.sub("", re.sub(r"['’]s?\Z", "", raw.strip(" ,.;:*"))).split()
    while words and fold(words[0]).strip(".") in _OPENERS | _JOBS and not _is_part(words):
        words = words[1:]
    return " ".join(words)


def may_adopt(name: str) -> bool:
    """Whether a cleaned name can be that of an organisation, movement, project or place.

    Args:
        name: a capitalised run of words, by `clean_name`.

    Returns:
        False for single letters and numbers, persons, dates, jobs, nationalities, publications,
        methods and runs of common words only.
    """
    parts = name.replace("-", " ").split()
    if _COMPOUND.match(name):
        return False
    folded = [fold(part).strip(".,") for part in name.split()]
    if not parts or len(name) < 2 or len(parts) > 8 or (name[0].isdigit() and len(parts[0]) > 1 and parts[0].isdigit()):
        return False
    heads = {word for word, after in zip(folded, [*folded[1:], "of"], strict=True) if after in {"of", "for"}}
    if heads & _NO_ADOPTER_HEADS or _PUBLICATIONS.search(name) or folded[0] in _GIVEN_NAMES:
        return False
    if re.fullmatch(r"[A-Z]\.?|[A-Z]\w*[A-Z]s", name) or _ROMAN.match(name) or re.search(r"\b[A-Z]\. [A-Z]", name):
        return False  # letters, numerals, "NGOs"; "John P. Kotter" is a person
    abstract = _ABSTRACT if len(folded) > 1 else _ABSTRACT_ALONE
    return any(_tells(word) and not abstract.search(word) for word in folded)


def is_country(name: str) -> bool:
    """Whether a name is that of a country or region in which adopters are."""
    return fold(name) in _COUNTRIES


def is_common(word: str) -> bool:
    """Whether a folded word is one of which headings are made, so that it names nobody alone."""
    return not _tells(word)


def _tells(word: str) -> bool:
    if (
        word.removesuffix("s") in _COMMON
        or word in _OPENERS
        or word in _COMMON
        or word in STOP_WORDS
        or word in _CALENDAR
        or word in _NATIONALITIES
    ):
        return False
    return word not in _JOBS and word not in _NO_ADOPTER_HEADS and re.search(r"[^\W\d]\w", word) is not None


class PageWords:
    """How one page writes its words, looked up only for names in doubt.

    Args:
        slug: the page's slug, which is its title in small letters.
        sections: all its sections.
    """

    def __init__(self, slug: str, sections: Sequence[Section]) -> None:
        self._sections = sections
        self._text = ""
        self._slug = fold(slug)
        self._initials = "".join(word[:1] for word in slug.split("-")) if slug.count("-") else ""
        self._topic = frozenset(terms(slug.replace("-", " ")))

    def is_spoken_of(self, text: str, name: str) -> bool:
        """Whether a text holds a word of the page's title, outside the adopter's name."""
        return not (self._topic - set(terms(name))).isdisjoint(terms(text))

    def means_a_name(self, name: str) -> bool:
        """Whether a name is more than words in capitals ("Teams" at the start of a sentence) and than the title."""
        words = name.split()
        spelt = "-".join(words_of(fold(name)))
        if f"{self._slug}-".startswith(f"{spelt}-") or fold(name).translate(_DIGITS_SAID) in self._initials:
            return False
        telling = [word for word in words if _tells(fold(word)) and word[0].isupper()]
        if telling and all(any(self._places(word.lower())) for word in telling):
            return False
        return len(words) > 1 or any(self._is_inside(place) for place in self._places(name))

    def is_person(self, name: str) -> bool:
        """Whether the page treats a name as a person's: calls it by its last word, gives it a first name or a year."""
        *first, last = name.split()
        if len(first) > 1 or (first and (is_common(fold(last)) or is_common(fold(first[0])))):
            return False
        text = self._all()
        for number, place in enumerate(self._places(last)):
            before = [word.strip('*_(“"‘') for word in text[max(0, place - 25) : place].split()[-1:]]
            if first and before != first:
                return not any(True for other in self._places(first[0]) if not text.startswith(name, other))
            if (
                not first
                and before
                and (_is_given(before[0]) or (number == 0 and _is_forename(text[:place], before[0])))
            ):
                return True
            if not first and re.match(
                r"(?: et al\.?| & \w+)?,? \(?(?:1[89]|20)\d\d\)|et al", text[place + len(last) : place + len(last) + 30]
            ):
                return True
        return False

    def _is_inside(self, place: int) -> bool:
        before = self._all()[max(0, place - 12) : place]
        return before.endswith("**") or re.search(r"[a-z,;(&] ?\Z", before) is not None

    def _places(self, word: str) -> Iterator[int]:
        text, end = self._all(), 0
        while (start := text.find(word, end)) >= 0:
            end = start + len(word)
            before, after = text[start - 1 : start], text[end : end + 2]
            in_address = before in "/@-_" or (before == "." and after[:1] != " ") or re.match(r"[./_@-]\w", after)
            if not (before.isalnum() or after[:1].isalnum() or in_address):
                yield start

    def _all(self) -> str:
        if not self._text:
            self._text = "\n\n".join(("", *(section.text for section in self._sections)))
        return self._text


def _is_forename(before: str, word: str) -> bool:
    """Whether a word right before a name reads as the first half of it: "Shefali Tsabary"."""
    proper = re.fullmatch(r"[A-ZÀ-Þ][a-zà-ÿ]+", word) is not None
    return proper and before.endswith(f"{word} ") and _tells(fold(word))


def _is_given(word: str) -> bool:
    """Whether a word before a name makes it a person's: a given name, an initial or a title."""
    return (
        fold(word).rstrip(".") in _GIVEN_NAMES
        or re.fullmatch(r"[A-Z]\.|Dr\.?|Mrs?\.?|Prof\.?|Professor", word) is not None
    )


def _is_part(words: list[str]) -> bool:
    """ "First Nations" and the like keep their first word; articles never do."""
    return len(words) > 1 and fold(words[0]) in {"first", "black", "white", "st", "saint", "general"}


_NAME = re.compile(NAME)
_DIGITS_SAID = str.maketrans("24", "tf")  # "P2P" is peer-to-peer
_MEMBERS_OF = re.compile(
    r"\A(?:Editors|Members|Workers|Residents|Farmers|Contributors|Engineers|Nurses) (?:of|at|in) (?:the )?"
)
_COMPOUND = re.compile(r"\w+-[a-z]")  # "Mid-career", "Open-source"; names keep both capitals
_BRACKETS = re.compile(r"\([^)]*\)?")
_ABSTRACT_ALONE = re.compile(r"\w{3}(?:tions?|sions?|ments?|ness|ity|ities|ances?|ences?|ships?|isms?)\Z")
_ABSTRACT = re.compile(
    r"\w{3}(?:tions?|sions?|ments?|ness|ity|ities|ances?|ences?|ships?|isms?|ings?|ed|ive|ical|ful|able|ible|ous)\Z"
)

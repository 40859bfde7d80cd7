"""How people speak of their situation, and what libraries call it: the table behind `lens`.

General English, whichever library is open. Patterns are over folded text; `lens_cues` says
what the marks in angle brackets stand for, and in which company `groups` and `people` count.
"""

from __future__ import annotations

from cml_mm.retrieval.lens_cues import Sense

_COUNCIL = (
    "(?:city|town|municipal|local|district|borough|parish|county) (?:council|government|administration|authority)"
)
_OFFICE = f"(?:{_COUNCIL}|city hall|town hall|municipality|ministry|public administration|government department)"
_CUSTOMERS = "(?:paying )?(?:customers?|users?|clients?|buyers?)"

PERSONAS = (
    Sense(
        "persona",
        "Co-op member",
        names=("Co-op Member", "Cooperative", "Co-operative", "Cooperative Member"),
        groups="co-?op(?:erative)?s?|mutual",
        people="worker-owners?|members? of an? (?:[\\w-]+ )?co-?op(?:erative)?",
        contexts=("cooperative", "community"),
        domains=("membership", "ownership", "cooperative"),
    ),
    Sense(
        "persona",
        "City official",
        names=("City Official", "Government", "Public Official", "Civil Servant"),
        people="officials?|councill?ors?|civil servants?|public servants?|mayor|alderm[ae]n|city planners?",
        phrases=(
            f"<we> (?:work|serve|sit|are) (?:for|at|in|on|with) (?:an? |the |our |my )?(?:{_OFFICE}|city)\\b",
            f"<we> (?:run|lead|head) (?:an? |the |our )?{_OFFICE}\\b",
            f"<ours> {_OFFICE}\\b",
            "\\bwe (?:at|in) (?:the )?(?:council|city hall|town hall|municipality|ministry)\\b",
            "\\bour (?:citizens|constituents|electorate)\\b",
        ),
        contexts=("government", "policy", "public"),
        domains=("public-administration", "participation", "planning", "public-sector"),
        outside=True,
    ),
    Sense(
        "persona",
        "Founder",
        names=("Founder", "Startup", "Start-up", "Entrepreneur", "Scaleup"),
        groups="start-?ups?|scale-?up|new venture|young company",
        people="founders?|co-?founders?|entrepreneurs?",
        phrases=("<ours> (?:co-?founders?|investors|first (?:paying )?customers?|first hires?|pitch deck)\\b",),
        contexts=("startup", "product", "corporate"),
        domains=("venture", "startup", "entrepreneurship"),
    ),
    Sense(
        "persona",
        "Activist",
        names=("Activist", "NGO", "Campaigner", "Movement"),
        groups="movement|campaign|ngo|non-?profit|charity|action group|protest (?:camp|group)|affinity group",
        people="activists?|campaigners?|community organi[sz]ers?|union organi[sz]ers?",
        contexts=("activist", "ngo", "community"),
        domains=("activism", "mutual-aid", "social"),
    ),
    Sense(
        "persona",
        "Technologist",
        names=("Technologist", "Developer", "Engineer"),
        groups="open[- ]source (?:project|software|library)|code ?base|software project|dev(?:elopment)? team|repo",
        people=(
            "(?:software |web |app )?(?:developers?|programmers?|coders?|engineers?)|maintainers?|technologists?|"
            "product (?:managers?|owners?|designers?)"
        ),
        contexts=("tech", "technology", "product"),
        domains=("technology", "knowledge-commons", "platform", "software"),
    ),
    Sense(
        "persona",
        "Manager",
        names=("Manager", "Executive", "Enterprise"),
        people=(
            "(?<!product )(?<!project )managers?|executives?|team leads?|department heads?|heads? of [\\w-]+|ceo|"
            "chief executive"
        ),
        phrases=(
            "\\bi (?:\\w+ly )?manage (?:an? |the )?(?:[\\w-]+ )?(?:team|department|company|business|staff)\\b",
            "<ours> (?:direct reports|shareholders)\\b",
        ),
        contexts=("corporate", "business"),
        domains=("business", "operations"),
    ),
    Sense(
        "persona",
        "Neighbour",
        names=("Neighbour", "Neighbor", "Resident"),
        groups=(
            "neighbou?rhood(?: association| group)?|(?:residents|tenants)'? (?:association|group)|street|block|"
            "(?:housing )?estate|allotments?(?: site| association)?"
        ),
        people="neighbou?rs?|residents?|tenants?",
        phrases=("<ours> (?:next[- ]door )?(?:neighbou?rs|landlord)\\b",),
        contexts=("neighbourhood", "community"),
        domains=("housing", "local-economy"),
    ),
    Sense(
        "persona",
        "Land user",
        names=("Land User", "Farmer", "Agriculture"),
        people=(
            "farmers?|growers?|gardeners?|herders?|foresters?|fishers?|fisherm[ae]n|smallholders?|irrigators?|"
            "beekeepers?"
        ),
        phrases=(
            "<ours> (?:farms?|fields?|pastures?|herds?|forest|woods?|orchards?|fishery|catch|harvest|crops?)\\b",
            "<ours> irrigation (?:channel|canal|system)\\b",
        ),
        contexts=("agriculture", "land"),
        domains=("stewardship", "resources", "food", "agriculture", "ecology"),
    ),
    Sense(
        "persona",
        "Carer",
        names=("Carer", "Caregiver", "Healthcare"),
        groups="care team|nursing team|clinic|hospice|surgery",
        people="carers?|caregivers?|nurses?|care workers?|social workers?",
        phrases=("\\bi (?:am caring|care|look) (?:for|after) (?:my|our) \\w+\\b",),
        contexts=("care", "healthcare"),
        domains=("care", "healthcare", "mutual-aid"),
    ),
    Sense(
        "persona",
        "Teacher",
        names=("Teacher", "Educator", "Education", "School"),
        people="teachers?|lecturers?|educators?|trainers?|professors?",
        phrases=("<ours> (?:school|students|pupils|classroom|class|university)\\b",),
        contexts=("academic", "education"),
        domains=("learning", "education"),
    ),
)

# `lens_cues.scale_of_count` reads "we are twelve".
SCALES = (
    Sense(
        "scale",
        "One person",
        names=("Individual",),
        phrases=(
            "\\bi(?:'m| am| work| do (?:it|this|that|everything)) (?:all )?(?:alone|by myself|on my own|solo)\\b",
        ),
    ),
    Sense(
        "scale",
        "Family",
        names=("Family",),
        phrases=("<ours> (?:famil(?:y|ies)|household)\\b(?! (?:business|firm|farm))",),
    ),
    Sense(
        "scale",
        "Team",
        names=("Team",),
        phrases=(
            "\\b(?:our|my|an?|this|as|for|in) (?:an? )?(?:small|tiny|little) (?:[\\w-]+ )??<circle>s?\\b",
            "<our> (?:team|crew|band)\\b(?! up)",
            "\\bwe are (?:only |just )?(?:a )?(?:few|handful)\\b",
        ),
    ),
    Sense(
        "scale",
        "Small business",
        names=("SME",),
        groups="family (?:business|firm)|small business",
        phrases=("\\b(?:our|my|an?|this) (?:[\\w-]+ )??(?:small|medium-sized|family) <firm>\\b",),
    ),
    Sense(
        "scale",
        "Large organisation",
        names=("Enterprise",),
        groups="corporation|multinational",
        phrases=(
            "\\b(?:our|my|in an?|for an?|at an?) (?:[\\w-]+ )??(?:large|big|huge|global|multinational) <firm>\\b",
        ),
    ),
    Sense(
        "scale",
        "Community",
        names=("Community",),
        phrases=(
            "<our> (?:community|neighbou?rhood|association|club|parish|congregation)\\b(?! (?:council|organi[sz]er))",
        ),
    ),
    Sense("scale", "Village", names=("Village",), phrases=("<ours> (?:(?:little|small) )?(?:village|hamlet)\\b",)),
    Sense(
        "scale",
        "City",
        names=("City",),
        phrases=(
            "<ours> (?:city|town|municipality)\\b",
            "\\b(?:city|town)-?wide\\b",
            "\\b(?:(?:across|throughout) (?:the|a) (?:whole |entire )?|the (?:whole|entire) )(?:city|town)\\b",
        ),
    ),
    Sense(
        "scale",
        "Region",
        names=("Region",),
        phrases=(
            "<ours> (?:region|county|province|valley|watershed|district)\\b(?! council)",
            "\\b(?:across|throughout) (?:the|a) (?:whole |entire )?(?:region|county|province|valley)\\b",
        ),
    ),
    Sense(
        "scale",
        "Network",
        names=("Network",),
        phrases=(
            "<our> (?:network|federation|confederation|umbrella(?: organi[sz]ation)?|alliance|coalition)\\b",
            "\\bwe are (?:an? )?(?:network|federation|alliance|coalition|umbrella)\\b",
        ),
    ),
    Sense("scale", "Ecosystem", names=("Ecosystem",), phrases=("<our> (?:business |partner )?ecosystem\\b",)),
)

STAGES = (
    Sense(
        "stage",
        "Only an idea",
        names=("Ideation", "Discovery", "Starting"),
        phrases=(
            "<we> (?:\\w+ )?(?:thinking (?:of|about)|planning|hoping|about) (?:to )?<start>",
            "\\b(?:i|we)(?:'d like| would like| want| hope| plan|'re going) to <start> (?:an?|our|my|the)\\b",
            "\\b(?:i|we) (?:only |just )?have (?:only |just )?an idea\\b",
            "\\bbefore we (?:even )?(?:begin|start|open|launch)\\b",
        ),
    ),
    Sense(
        "stage",
        "Before first customers",
        names=("Validation", "MVP", "Product-Market Fit", "Starting"),
        phrases=(
            "\\b(?:before|without|looking for|find|need|win|get) (?:any |having |(?:our|my|the|its) )?first "
            + _CUSTOMERS,
            f"\\b(?:no|not (?:a single|one)|haven't (?:any|got any)|without) {_CUSTOMERS} (?:so far|yet)\\b",
            "\\b(?:past|after|through) validation\\b|\\bpre-?launch\\b|<ours> (?:first )?(?:prototype|mvp)\\b",
        ),
    ),
    Sense(
        "stage",
        "Starting",
        names=("Starting", "MVP", "Validation", "Discovery"),
        phrases=(
            "<we> (?:only |just |recently )+(?:started|begun|founded|opened|launched|set up|formed|got going)\\b",
            "\\bwe(?:'re| are) (?:quite |very |still |just )?(?:brand[- ])?(?:new|young|starting|beginners)\\b(?! to)",
            "\\bin (?:our|its) first (?:few )?(?:year|months?|weeks)\\b|\\bnewly (?:founded|formed)\\b",
        ),
    ),
    Sense(
        "stage",
        "Growing",
        names=("Growing", "Growth", "Scaling", "Expansion", "Product-Market Fit"),
        phrases=(
            "\\bwe(?:'re| are|'ve| have) (?:been )?(?:growing|grown|scaling|expanding|doubled|tripled)\\b",
            "\\bwe (?:keep (?:on )?|now )?(?:grow|growing|doubled|tripled|grew)\\b",
            "\\b(?:as|since|now that) (?:we|our \\w+) (?:has |have )?(?:grow|grows|grew|grown)\\b",
            "\\b(?:getting|become|becoming|grown) (?:far |much )?too (?:big|large)\\b",
            "\\bmore (?:and more )?(?:members|people|volunteers) (?:keep )?(?:joining|join|arriving)\\b",
        ),
    ),
    Sense(
        "stage",
        "Running",
        names=("Running", "Maturity", "Mature"),
        phrases=(
            "\\b(?:we|our [\\w-]+)(?:'ve| have| has) (?:been (?:around|going|running|here)|existed) (?:for|since)\\b",
            "\\b(?:well|long)[- ](?:established|standing|running)\\b",
            "\\bafter (?:many|\\w+teen|ten|twenty|thirty|forty) years\\b",
        ),
    ),
    Sense(
        "stage",
        "Changing",
        names=("Changing", "Transformation", "Exit/Succession"),
        phrases=(
            "\\bwe(?:'re| are|'ve| have) (?:\\w+ )?(?:restructur|reorgani[sz]|merg|convert|transform)(?:ing|ed)\\b",
            "\\b(?:our|the|my) <head> (?:is |wants to |will )?(?:retir|leav|step(?:ping|s)? down|sell)\\w*",
            "\\b(?:hand(?:ing)? over|sell(?:ing)?) the (?:business|company|firm|shop)\\b|\\bsuccession\\b",
        ),
    ),
)
SENSES = (*PERSONAS, *SCALES, *STAGES)

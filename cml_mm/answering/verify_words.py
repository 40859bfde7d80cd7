"""General English that the verifier knows: words of one meaning, opposites, sets that exclude each other.

Short lists written by hand for civic and technical prose; no dictionary. Words are compared by stem,
so one form of each is enough.
"""

from __future__ import annotations

import re
from functools import lru_cache

from cml_mm import prose

# Phrases that say in several words what one word says; longer ones first.
_PHRASES: tuple[tuple[str, str], ...] = (
    (r"is (?:a|an|the) (?:pre-?condition|pre-?requisite|requirement|condition) (?:of|for|to)", "is required by"),
    (r"are (?:pre-?conditions|pre-?requisites|requirements|conditions) (?:of|for|to)", "are required by"),
    (r"(is|are|was|were|be) (?:needed|necessary|essential|indispensable|required) (?:for|by|in order to|to)",
     r"\1 required by"),
    (r"ha(?:s|ve) (?:\w+ )?as (?:a |its |their )?(?:pre-?condition|pre-?requisite)s?", "requires"),
    (r"(?:depends?|relies|rely|rests?|hinges?) (?:up)?on", "requires"),
    (r"(?:depended|relied|rested|hinged) (?:up)?on", "required"),
    (r"calls? for", "requires"),
    (r"(?:is|are|was|were) (?:an?|the)? ?(?:special case|kind|form|type|variant|speciali[sz]ation)s? of",
     "specialises"),
    (r"(?:has|have|with) (?:the|a|as a|as its|as) (?:special case|speciali[sz]ation)s?(?: called)?", "generalises"),
    (r"c(?:ome|omes|ame|oming) into (?:force|effect|being)", "adopted"),
    (r"in a row|one after (?:the other|another)", "consecutively"),
    (r"comes? (?:first|before everything)|ha(?:s|ve) (?:the )?(?:highest )?priority", "goes first"),
    (r"t(?:ake|akes|aken|aking|ook) (?:priority|precedence)|jump(?:s|ed|ing)? the queue", "goes first"),
    (r"ha(?:s|ve) first (?:claim|call|pick) (?:on|to)", "is first offered"),
    (r"g(?:ive|ives|iving|iven|ave) up", "abandoned"),
    (r"phas(?:e|es|ed|ing) (?:\w+ )?out", "replaces"),
    (r"(?:sign|signs|signed|signing)[ -]off", "approval"),
    (r"turn(?:s|ed|ing)? down", "rejected"),
    (r"ke(?:ep|eps|eping|pt) up", "maintained"),
    (r"(?:get(?:s|ting)?|got) (?:by|along) without|(?:manag|cop)(?:e|es|ed|ing) without", "did not have"),
    (r"left over", "leftover"),
    (r"(\w{2,})-free", r"without \1"),
    (r"un(answered|signed|finished|touched|repaired|approved|attended|published|noticed|heard|read)", r"not \1"),
    (r"(?<=\w )other than(?= (?:the|a|an|its|their|his|her)\b)", "not"),
    (r"or else", "or if not"),
    (r"mak(?:e|es|ing) use of", "uses"),
    (r"made use of", "used"),
    (r"left out", "excluded"),
    (r"leav(?:e|es|ing) out", "excludes"),
    (r"cover(?:s|ing)? the (?:cost|price)s? of|(?:foot|meet)(?:s|ing)? the (?:cost|bill)s? (?:of|for)", "funds"),
    (r"make(s?) it (?:easier|possible) for", r"help\1"),
    (r"made it (?:easier|possible) for", "helped"),
    (r"pav(?:es?|ing) the way (?:for|to)", "enables"),
    (r"pull(?:s|ing)? against", "contradicts"),
    (r"goes well with|go well with|going well with", "complements"),
    (r"set(?:s|ting)? up", "founded"),
    (r"put(?:s|ting)? up", "built"),
    (r"g[ei]v(?:e|es|en|ing) back|hand(?:s|ed|ing)? back|bring(?:s|ing)? back|brought back", "returned"),
    (r"hand(?:s|ed|ing)? over|pass(?:es|ed|ing)? (?:it )?(?:to|on to)", "transferred to"),
    (r"look(?:s|ed|ing)? after|tak(?:e|es|ing) care of|took care of|car(?:e|es|ed|ing) for", "maintains"),
    (r"t(?:ake|akes|aken|aking|ook) part in", "participates in"),
    (r"t(?:ake|akes|aken|aking|ook) place", "happens"),
    (r"t(?:ake|akes|aken|aking|ook) turns", "rotates"),
    (r"t(?:ake|akes|aken|aking|ook) over", "replaces"),
    (r"carr(?:y|ies|ied|ying) out", "performs"),
    (r"pa(?:y|ys|id|ying) (?:back|off)", "repays"),
    (r"pa(?:y|ys|ying) for", "funds"),
    (r"paid for", "funded"),
    (r"st(?:and|ands|anding|ood) down|step(?:s|ped|ping)? down", "resigns"),
    (r"g(?:o|oes|oing|one) up|went up", "rises"),
    (r"g(?:o|oes|oing|one) down|went down", "falls"),
    (r"c(?:ome|omes|oming|ame) back", "returned"),
    (r"(?:find|finds|found) out", "learns"),
    (r"work(?:s|ed|ing)? out", "settles"),
    (r"deal(?:s|t|ing)? with", "handles"),
    (r"consist(?:s|ed|ing)? of|ma(?:de|kes?) up of", "comprises"),
    (r"get(?:s|ting)? rid of|got rid of|throw(?:s|n|ing)? (?:away|out)|threw (?:away|out)", "removes"),
    (r"in charge of", "responsible for"),
    (r"a lot of|lots of|plenty of|a large number of|a great many|numerous", "many"),
    (r"a handful of|a small number of|a couple of", "a few"),
    (r"the majority of|a majority of|the bulk of|the greater part of", "most of"),
    (r"on air", "broadcasting"),
    (r"in favou?r of", "supporting"),
    (r"in the open", "public"),
    (r"in (?:turn|rotation)", "rotating"),
    (r"by lot|by lottery|by drawing lots|by a draw", "randomly"),
    (r"lots are drawn", "randomly"),
    (r"draw(?:s|n|ing)? lots", "randomly"),
    (r"at no (?:cost|charge)|free of charge|for free|for nothing", "gratis"),
    (r"(?<!not )(?<!n't )used to(?= \w)", "formerly"),
    (r"no longer", "not anymore"),
    (r"not only", "both"),
    (r"but also", "and also"),
    (r"no (?:later|more|longer|fewer|less) than", "within"),
    (r"(?:is|are|was|were) up to the", "is decided by the"),
    (r"(?:is|are|was|were) against", "opposes"),
    (r"t(?:old|ell) to", "instruct to"),
    (r"as soon as", "once"),
    (r"ahead of", "before"),
    (r"prior to", "before"),
    (r"(?:in the )?aftermath of|following (?:the|a|an|its|their)(?= )", "after the"),
    (r"with the (?:aim|goal|purpose|intention) of|in order to|so as to", "inorderto"),
    (r"thanks to|due to|owing to|on account of|because of|as a (?:result|consequence) of", "because"),
    (r"as a (?:result|consequence)", "therefore"),
)  # fmt: skip
_PHRASE = tuple((re.compile(rf"\b(?:{form})\b", re.IGNORECASE), into) for form, into in _PHRASES)

_SYNONYMS = """
allow permit let authorise entitle enable may license grant
forbid prohibit ban disallow bar outlaw
require need demand necessitate presuppose must
help assist aid support ease facilitate
start begin launch commence initiate open found introduce create establish
end finish stop cease conclude close expire
build construct erect make create
create make establish form found start set produce generate
found establish start begin form institute create
buy purchase acquire obtain
get receive obtain gain earn acquire
give provide supply offer hand grant deliver present contribute donate
donate gift give contribute grant
lend loan
rent lease let hire tenant
keep hold retain store maintain preserve stay
keep maintain manage run look
run manage operate lead head direct administer govern host steer
lead head chair direct guide
leader head chair director chief
choose pick select elect appoint decide
appoint name nominate designate choose pick elect
decide determine settle resolve choose set agree
decision resolution choice
pay cost charge fee price spend
fee charge dues price contribution subscription payment levy tariff rate
wage salary pay earn income remuneration
earn pay receive
money fund cash finance capital budget
fund finance sponsor pay subsidise
cost expense price expenditure spending
repay refund reimburse return
donation gift contribution grant
rise grow increase climb expand gain swell up
fall drop decrease decline shrink reduce sink lower down cut
reduce lower cut lessen diminish limit shrink decrease curb
double twofold twice
halve half
repair mend fix restore
break fail damage
replace substitute swap exchange succeed renew
change alter modify amend adjust shift revise
rotate turn alternate rota
improve better enhance strengthen boost raise
worsen deteriorate weaken
show demonstrate prove indicate reveal find suggest
find discover learn notice observe report
say state tell report declare mention note explain claim according
think believe consider regard feel view opinion hold call deem find see
call name term dub describe regard
warn caution alert
advise recommend suggest counsel propose should advisable ought
suggest propose recommend
fear worry concern afraid anxious
write draft compose author record
record log document note write register
publish release print issue post public
read consult study
answer reply respond response
ask request inquire demand
discuss debate talk deliberate
talk conversation discussion chat
meet gather assemble convene
meeting assembly gathering session
member participant affiliate
resident inhabitant tenant dweller neighbour local
tenant renter lodger occupant
neighbourhood district quarter area
household home family house
house home dwelling
flat apartment
child kid youngster pupil
pupil student schoolchild learner
teacher instructor educator tutor
parent mother father guardian
worker employee staff personnel
employ hire engage staff recruit
dismiss fire sack remove
volunteer helper
help helper volunteer
user borrower customer client visitor
customer client buyer shopper
visitor guest attendee
attendance turnout participant
newcomer newbie entrant joiner
new recent fresh novel
old ancient former aged
join enter enrol
leave quit exit depart resign
stay remain continue persist
resign retire leave quit
town city municipality municipal village
council authority board
board committee council
group team circle band crew
organisation association body institution
union association federation league
company firm business enterprise
shop store retailer
seller vendor trader merchant
rule regulation norm bylaw statute
law statute act legislation
contract agreement deal treaty
agree consent approve accept
approve approval endorse sanction confirm accept
reject refuse decline dismiss deny
oppose object resist against contest
objection opposition concern
support back endorse favour
conflict dispute quarrel disagreement tension
contradict conflict oppose tension
settle resolve solve
mediate mediator arbiter
vote ballot poll
election vote ballot
power authority right
right entitlement privilege
duty obligation responsibility task
task job chore work duty
work labour toil
responsible charge accountable
check inspect examine verify review test audit
review assess evaluate examine
watch monitor observe supervise
share distribute divide split joint common
joint shared common together
together jointly collectively
individual single separate own
distribute allocate assign hand
collect gather
send dispatch deliver forward
bring carry take deliver
move relocate transfer shift
transfer pass hand move
visible seen public open transparent
public open communal transparent
secret hidden confidential private
private confidential closed
expose reveal disclose
hide conceal
large big huge great sizeable
small little tiny minor
many numerous several
large substantial considerable
important significant key crucial vital
main chief principal core
quick fast rapid swift
quickly fast rapidly soon swiftly
slow gradual
often frequently regularly commonly
rare seldom scarce hardly uncommon rarely
usual normal typical general common mostly generally
always invariably constantly
about around roughly approximately nearly circa
yearly annual
hard difficult tough challenging
easy simple effortless
cheap inexpensive affordable
expensive costly dear
free gratis
empty vacant unoccupied unused
full occupied complete
safe secure
danger risk hazard threat
problem issue difficulty trouble
benefit advantage profit gain
profit surplus earnings
loss deficit
harm damage hurt injure
waste rubbish refuse garbage trash bin discard
discard throw remove
remove delete eliminate
keep save
save rescue preserve spare keep
plan scheme programme project
goal aim objective purpose target
purpose aim intention
method approach technique way
pilot trial test experiment
trial probation test
result outcome effect consequence
cause reason trigger prompt
lead cause result bring
effect impact influence
influence affect impact
idea concept notion
belief view opinion
knowledge expertise know-how skill
skill ability competence
learn study acquire
teach train instruct educate
training course instruction lesson
course class lesson
book title volume
kind type sort variety form
collection stock holding
part portion share section
amount quantity sum number
number figure count amount
figure statistic number
list register roster
plot parcel patch allotment
land ground plot
garden allotment
water irrigate
dry arid drought
flood deluge inundate
river stream
road street lane
car vehicle automobile
bike bicycle cycle
building premises structure house
room space hall
place site location spot
reserve saving
reserve keep restrict
restrict limit confine
limit cap maximum restrict ceiling
minimum least
quota limit
use employ utilise apply reuse
apply use
contain hold include comprise have
include comprise contain cover
cover include
consist comprise include
own property
own possess hold have
owner proprietor holder
prevent stop avoid hinder
avoid prevent escape
protect guard shield defend safeguard
treat process handle
handle treat manage
happen occur arise
return bring
late overdue delayed
early soon
deadline limit
period term span time
season time
half midway
begin start
beginning start outset
ending close finish
nobody none
everybody everyone anyone anybody everyone
person people individual somebody
alone sole only exclusive
lack miss without shortage absent missing
fade wane wither dwindle decline
thrive flourish prosper
succeed success
fail failure collapse
active engaged
merge merger unite combine join
split divide separate
document documentation file
software program application
developer programmer engineer contributor
contributor committer developer
release version
bug defect error fault
error mistake fault
mistake error
code source
machine device appliance equipment
tool device implement
equipment gear kit
device appliance gadget machine
thing item object article
item object thing article
product good
food meal
meal lunch dinner food
cook chef kitchen
clean tidy wash
menu food meal
notify inform tell announce
announce declare proclaim
inform tell brief
attend visit come
visit come
prudent wise sensible cautious
wise prudent
defeat loss
priority precedence first
benefit profit
compulsory mandatory obligatory required
voluntary optional
attract draw
trust confidence
anybody anyone
lift raise
raise increase lift
charge fee
near nearby close
nursery kindergarten childcare daycare preschool
nurse carer caregiver
carer caregiver attendant minder
doctor physician
clinic hospital surgery
school academy
wood forest woodland
outing trip excursion
trip journey excursion
meadow field
nominate propose
bylaw statute
amend change
harvest crop yield
grower farmer gardener
farmer grower
seed grain
tree plant
plant grow
warm hot heat
cold cool
share stake
stakeholder shareholder
landlord owner
landowner owner
landowner land
complaint grievance
permission consent approval
permit licence
licence license
attribution credit
credit attribute
translate translation
reuse reusing
secretary clerk
treasurer bookkeeper
account book
bookkeeping account
note minutes
minutes protocol
facilitate moderate
facilitator moderator
moderator chair
observer witness
stop halt
wear clothe
request apply
quorum majority
withdraw retract
delay postpone defer
schedule plan timetable
timetable schedule
replace renew
supply provide
vanish disappear
rise raise
check monitor control supervise watch
breach break violate infringe broken violation
ignore disregard neglect overlook
name state specify mention list
consequence result effect sanction penalty
pay contribute
forfeit lose

expect anticipate foresee
exhaust wear burn tire
cooking cook prepare
thank acknowledge praise
income earn
conversation talk
ordinary typical normal usual average
draw attract bring come
phone call ring telephone
absent miss away
exclude expel exclusion remove
abandon quit leave end stop
survey poll study questionnaire ask
useful helpful use valuable
refund repay return
appear emerge
abolish scrap cancel abandon
cancel scrap
convert turn transform become
turn become transform convert
transform become convert
become turn
double twice
sell sale
sale sell
build built
enough sufficient
insufficient lacking
whole entire complete total
entire whole
separate apart
also additional extra
additional extra further
additional more
extend lengthen prolong
shorten cut
exceed surpass over
strong robust
weak feeble
clear plain obvious
sensitive delicate
vendor seller
youth young teenager
queue wait line
below low under
vehicle bus car van truck
bus coach
attempt experiment trial try
each apiece
originally first initially
community communal local
finance fund pay
resident member tenant
entitle right earn
lesson class teach learn course
colleague worker employee
ad advert advertising advertisement
website site web
motorist driver
pedestrian walker
candidate applicant
applicant application
substitute replacement
majority vote win
term mandate
gap away absence
measure size
rent price
flat home apartment
ground room
vacant empty
booking reservation book
deadline date
tuition teaching
wood timber
fine penalty
swap exchange
consult ask
consent signature
elderly old senior
senior elder
poor needy
rich wealthy
expert specialist
specialist expert
local nearby
regional district
national country
country state nation
county district region
region area
global world worldwide
"""

_ANTONYMS = """
allow/forbid allow/prohibit allow/ban permit/forbid permit/prohibit allow/refuse permit/refuse permit/ban
let/prevent enable/prevent help/hinder help/harm support/oppose propose/oppose favour/oppose agree/disagree
open/close open/shut public/private public/secret visible/hidden visible/invisible transparent/secret
shared/private rise/fall rise/drop rise/shrink rise/decline increase/decrease increase/reduce increase/fall
increase/drop grow/shrink increase/shrink increase/decline raise/lower raise/reduce raise/cut grow/fall
grow/drop grow/decline climb/fall double/halve gain/lose gain/loss profit/loss win/lose improve/worsen
strengthen/weaken boost/weaken boost/reduce expand/shrink more/less more/fewer most/least often/rarely
often/seldom often/never always/never always/rarely usually/rarely frequently/rarely usually/never
sometimes/never regularly/rarely commonly/rarely everyone/nobody everybody/nobody anyone/nobody everyone/none
all/none everything/nothing early/late large/small big/small long/short high/low cheap/expensive easy/hard
easy/difficult strong/weak fast/slow quick/slow old/new rich/poor full/empty safe/dangerous hot/cold warm/cold
wet/dry light/dark near/far deep/shallow longer/shorter larger/smaller bigger/smaller higher/lower
cheaper/dearer faster/slower earlier/later older/younger stronger/weaker better/worse wider/narrower
easier/harder start/end start/stop begin/end begin/stop found/close found/dissolve found/abolish
introduce/abolish open/end accept/reject accept/refuse approve/reject approve/refuse adopt/reject
adopt/abolish grant/deny admit/deny confirm/deny welcome/reject include/exclude keep/discard keep/abolish
keep/sell keep/lose hire/dismiss hire/fire employ/dismiss appoint/dismiss join/leave stay/leave remain/leave
arrive/depart enter/leave remember/forget succeed/fail success/failure pass/fail voluntary/compulsory
voluntary/mandatory optional/compulsory optional/mandatory optional/required permanent/temporary central/local
centralised/decentralised formal/informal indoor/outdoor internal/external add/remove build/demolish
create/destroy protect/harm save/waste save/destroy attract/repel above/below maximum/minimum
majority/minority trust/distrust trust/mistrust unite/divide merge/split together/separately together/apart
exempt/pay exempt/charge include/exempt keep/refund keep/repay first/last praise/criticise
encourage/discourage reward/punish happy/unhappy equal/unequal paid/unpaid free/paid known/unknown
active/inactive possible/impossible legal/illegal able/unable complete/incomplete direct/indirect hide/reveal
uphold/dismiss uphold/overturn uphold/reject confirm/overturn remain/lift remain/remove stay/remove
recover/stay change/stay
hide/show publish/withhold conceal/reveal share/withhold
"""

# Sets of which one member rules out the others.
_EXCLUSIVE = """
monday tuesday wednesday thursday friday saturday sunday
january february march april june july august september october november december
spring summer autumn winter
morning afternoon evening night
north south east west
northern southern eastern western
dawn dusk noon midnight
red blue green yellow black white purple orange
mother father
son daughter
king queen
husband wife
upstairs downstairs
upstream downstream
left right
"""

_NEGATIVE_LEADS = ("un", "in", "im", "il", "ir", "non", "dis")


@lru_cache(maxsize=1)
def _groups() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, line in enumerate(_SYNONYMS.split("\n")):
        for word in line.split():
            found.setdefault(prose.stem(word), set()).add(number)
    return {stem: frozenset(numbers) for stem, numbers in found.items()}


@lru_cache(maxsize=1)
def _opposites() -> frozenset[tuple[str, str]]:
    pairs = set()
    for pair in _ANTONYMS.split():
        first, last = (prose.stem(word) for word in pair.split("/"))
        pairs |= {(first, last), (last, first)}
    return frozenset(pairs)


@lru_cache(maxsize=1)
def _sets() -> dict[str, int]:
    return {
        prose.stem(word): number for number, line in enumerate(_EXCLUSIVE.strip().split("\n")) for word in line.split()
    }


def joined(text: str) -> str:
    """A text with its phrases put as the one word that says the same."""
    for form, into in _PHRASE:
        text = form.sub(into, text)
    return text


def synonymous(first: str, last: str) -> bool:
    """Whether two stems stand in one group."""
    groups = _groups()
    return bool(groups.get(first, frozenset()) & groups.get(last, frozenset()))


def opposite(first: str, last: str) -> bool:
    """Whether two stems say the contrary, by the list or by a leading un-, in-, dis-."""
    if (first, last) in _opposites():
        return True
    longer, shorter = (first, last) if len(first) > len(last) else (last, first)
    return len(shorter) >= 4 and any(longer == lead + shorter for lead in _NEGATIVE_LEADS)


def excludes(first: str, last: str) -> bool:
    """Whether two stems are different members of one set, as Monday and Tuesday are."""
    sets = _sets()
    return first != last and first in sets and sets[first] == sets.get(last, -1)


def in_a_set(stem: str) -> bool:
    return stem in _sets()

"""The fake engine's library: ninety pages of our own words, every kind of page and of trouble among them."""

from __future__ import annotations

from dataclasses import replace

from cml_mm.errors import InputError
from cml_mm.types import (
    Adoption,
    Card,
    Dangling,
    DiagramText,
    Document,
    IndexStatus,
    LibrarySource,
    Lighthouse,
    Pattern,
    Problem,
    Reading,
    Relation,
    Section,
    Source,
    TextSpan,
)

HOSTILE = (
    "<script>window.pwned=1</script> <img src=x onerror=window.pwned=2> ${window.pwned=3}"
    " {{constructor}} `tick`"
    " [click](javascript:window.pwned=4) ![p](https://evil.example/p.png)"
    " <style>*{background:url(//evil.example)}"
    "</style>\n\n```mermaid\ngraph TD; A-->B\n```\n\n<iframe src='https://evil.example'></iframe>"
)


def source(slug: str, title: str, kind: str = "pattern", url: str = "") -> Source:
    return Source(
        id=slug * 2,
        title=title,
        kind=kind,  # type: ignore[arg-type]
        slug=slug,
        path=f"patterns/{slug}.md",
        licence="CC BY-SA 4.0",
        attribution="Commons Library contributors",
        url=url,
    )


def _relation(kind: str, subject: str, object_: str, layer: str, reason: str, declared_by: str = "") -> Relation:
    where = declared_by or f"patterns/{subject}.md"
    return Relation(kind, subject, object_, layer, reason, 0.7, where, TITLES[subject], TITLES[object_])  # type: ignore[arg-type]


TITLES = {
    "visible-work": "Visible Work",
    "role-rotation": "Role Rotation",
    "gift-of-attention": "Gift of Attention",
    "handover-notes": "Handover Notes",
    "deep-craft": "Deep Craft",
    "cover-for-absence": "Cover for Absence",
    "tool-library": "Tool Library",
    "ostrom-water": "The Huerta of Valencia",
    "weavers-house": "The Weavers' House",
    "statutes": "Statutes of a housing association",
}

REQUIRES = Relation(
    "REQUIRES",
    "role-rotation",
    "visible-work",
    "curated",
    "A chore must be on the chart before it can change hands.",
    0.9,
    "patterns/role-rotation.md",
    "Role Rotation",
    "Visible Work",
)
TENSION = Relation(
    "TENSIONS_WITH",
    "visible-work",
    "gift-of-attention",
    "approved",
    "A price on kindness may make it feel like a job.",
    0.6,
    "relationships_approved.json",
    "Visible Work",
    "Gift of Attention",
)
RELATIONS = (
    REQUIRES,
    TENSION,
    _relation(
        "TENSIONS_WITH",
        "role-rotation",
        "deep-craft",
        "curated",
        "Some skills take years. Rotate the chores, and leave a craft with those who are still learning it.",
    ),
    _relation("REQUIRES", "role-rotation", "handover-notes", "curated", "Whoever comes next starts from the notes."),
    _relation("ENABLES", "role-rotation", "cover-for-absence", "approved", "Two people have done every chore."),
    _relation("SPECIALIZES_TO", "visible-work", "tool-library", "earlier", ""),
    _relation("COMPLEMENTS", "role-rotation", "gift-of-attention", "machine", "Both speak of turns."),
    _relation("RELATED", "tool-library", "role-rotation", "inferred", ""),
    _relation("ADOPTS", "ostrom-water", "role-rotation", "curated", "", "lighthouses/ostrom-water.md"),
)
ADOPTIONS = (
    Adoption(
        "The Huerta of Valencia",
        "ostrom-water",
        "role-rotation",
        "The guards are chosen among the irrigators for **one season**. Next season it is somebody else.",
        "ostrom-water",
        TextSpan("Story", 0, 94),
    ),
    Adoption(
        "Northside Repair Hall",
        "adopter-northside-repair-hall",
        "role-rotation",
        "Northside Repair Hall has moved its keys on the first of January since it opened.",
        "role-rotation",
        TextSpan("Known Uses", 0, 81),
    ),
)
DANGLING = (
    Dangling("REQUIRES", "role-rotation", "Trust Before Task", "patterns/role-rotation.md"),
    Dangling("RELATED", "role-rotation", "pat_01placeholder", "patterns/role-rotation.md"),
)

_DIAGRAM = "```mermaid\ngraph TD\n  chart[Wall chart] --> meeting[Meeting]\n  meeting --> keys[Keys change hands]\n```"
ROTATION_PAGE = Pattern(
    slug="role-rotation",
    id="pat_role_rotation",
    title="Role Rotation",
    source=source("role-rotation", "Role Rotation"),
    aliases=("Job rotation", "Turns"),
    summary="Recurring chores go to another member on a date that everyone knows, with notes, so that nobody"
    " becomes the chore.",
    sections=(
        Section(
            "problem",
            "Problem",
            "Whoever does a chore well is asked to do it again. After a year the chore has a face, the face is"
            " tired, and nobody else knows where the keys are.\n\n> We called it commitment, until the day she"
            " did not come.\n\nIt grows in three ways:\n\n1. nobody *decides* it,\n2. nobody **sees** it,\n3. nobody"
            " can end it.",
        ),
        Section(
            "solution",
            "Solution",
            "**Set a date, not a feeling.** Every chore on the chart moves on that day, to someone who has watched"
            " it for two weeks.\n\n### What the notes hold\n\n- where things lie\n- whom to call\n  - on a weekday\n"
            "  - at night\n- what went wrong last time\n\nSee [Visible Work](visible-work.md) for the chart, and"
            " [a study of turns](https://example.org/turns) for numbers. Run `rota --next` if you like.",
        ),
        Section(
            "implementation",
            "Getting started",
            "| Chore | Until | Next |\n|---|---|---|\n| Keys | 31 December | Amal |\n| Minutes | third meeting | Jo |\n"
            f"| Water | end of season | a very long name that goes on and on in one cell |\n\n{_DIAGRAM}",
        ),
        Section("known_uses", "Known Uses", ADOPTIONS[1].quote),
    ),
    tension="Fair turns vs. Deep skill",
    context_labels=(("corporate", "Duty roster"), ("activist", "Taking turns"), ("government", "Term limits")),
    personas=("Cooperative", "Team"),
    stages=("Growth",),
    scales=("Team", "Village"),
    domains=("governance", "collective-care"),
    curated=True,
    diagrams=(DiagramText("mermaid", _DIAGRAM, TextSpan("Getting started", 0, 10)),),
)
VALENCIA = Lighthouse(
    slug="ostrom-water",
    title="The Huerta of Valencia",
    source=source("ostrom-water", "The Huerta of Valencia", "lighthouse", "https://example.org/huerta"),
    summary="Farmers who share one river, and judge one another every week.",
    sections=(
        Section("overview", "Story", f"{ADOPTIONS[0].quote} The court meets in the open, and nothing is written."),
        Section("solution", "How it works", "Every canal has its guard, and every guard has neighbours."),
    ),
    country="Spain",
    sector="Irrigation",
    adopts=("Role Rotation", "Water Turns"),
)
STATUTES = Document(
    slug="statutes",
    title="Statutes of a housing association",
    source=replace(source("statutes", TITLES["statutes"], "document"), path="documents/statutes.pdf"),
    summary="What twelve households agreed on.",
    sections=(
        Section("other", "Members", "Whoever lives in the house is a member.", 1),
        Section("other", "The general meeting", "It meets twice a year, and whenever four members ask for it.", 3),
    ),
    format="pdf",
)
HOSTILE_PAGE = replace(
    ROTATION_PAGE,
    slug="hostile-page",
    title=HOSTILE,
    summary=HOSTILE,
    source=replace(source("hostile-page", HOSTILE, url="javascript:window.pwned=5"), path=HOSTILE, licence=HOSTILE),
    aliases=(HOSTILE,),
    personas=(HOSTILE,),
    tension=f"{HOSTILE} vs. {HOSTILE}",
    context_labels=((HOSTILE, HOSTILE),),
    sections=(Section("problem", HOSTILE, f"# {HOSTILE}\n\n{HOSTILE}\n\n| a |\n|---|\n| {HOSTILE[:60]} |"),),
)

_SUMMARIES = {
    "visible-work": "Write down what is done and by whom, before it is shared out.",
    "gift-of-attention": "Keep some care outside every account.",
    "handover-notes": "One page for whoever comes next.",
    "deep-craft": "Leave some work with those who are still getting better at it.",
    "cover-for-absence": "Nothing stops when one person is away.",
    "tool-library": "Lend, log, mend: one drill for a whole street.",
    "weavers-house": "Sixty people, one roof and no boss.",
}


def _card(slug: str, kind: str, domains: tuple[str, ...], personas: tuple[str, ...]) -> Card:
    ends = [relation for relation in RELATIONS if slug in (relation.subject, relation.object)]
    trusted = [relation for relation in ends if relation.layer in ("curated", "approved", "earlier")]
    summary = {"role-rotation": ROTATION_PAGE.summary, "ostrom-water": VALENCIA.summary, "statutes": STATUTES.summary}
    return Card(
        slug,
        TITLES[slug],
        kind,  # type: ignore[arg-type]
        summary.get(slug) or _SUMMARIES[slug],
        domains,
        personas,
        ROTATION_PAGE.aliases if slug == "role-rotation" else (),
        len(trusted),
        tuple(dict.fromkeys(relation.kind for relation in trusted)),
        slug == "role-rotation",
    )


_THINGS = ("Bread", "Water", "Seed", "Bicycle", "Forest", "Roof", "Song", "Kitchen", "Net", "Garden")
_DEEDS = ("Turns", "Circle", "Fund", "Ledger", "Market", "Charter", "Guild", "Meeting")
_DOMAINS = ("governance", "food", "housing", "energy", "learning", "collective-care", "finance", "mobility")
_DOMAINS_MORE = ("health", "water", "law", "crafts", "media", "sport", "music", "science")
_PERSONAS = ("Cooperative", "Team", "City", "Startup", "Network")


def _grown() -> list[Card]:
    cards = []
    for number, (thing, deed) in enumerate((thing, deed) for thing in _THINGS for deed in _DEEDS):
        domains = (_DOMAINS[number % 8], *((_DOMAINS_MORE[number // 8 % 8],) if number % 3 == 0 else ()))
        summary = f"How a group shares its {thing.lower()}, told by its {deed.lower()}."
        slug = f"{thing}-{deed}".lower()
        cards.append(Card(slug, f"{thing} {deed}", "pattern", summary, domains, (_PERSONAS[number % 5],)))
    return cards


CARDS = tuple(
    sorted(
        (
            *_grown(),
            *(
                _card(slug, "pattern", ("governance", "collective-care"), ("Cooperative", "Team"))
                for slug in ("visible-work", "role-rotation", "gift-of-attention", "handover-notes", "deep-craft")
            ),
            _card("cover-for-absence", "pattern", ("governance",), ("Team",)),
            _card("tool-library", "pattern", ("mobility",), ("City",)),
            _card("ostrom-water", "lighthouse", ("water",), ()),
            _card("weavers-house", "lighthouse", ("housing",), ()),
            _card("statutes", "document", (), ()),
            Card("hostile-page", HOSTILE, "pattern", HOSTILE, ("governance",), (HOSTILE,), (HOSTILE,), 2),
        ),
        key=lambda card: card.title.casefold().lstrip("<"),
    )
)

PAGES: dict[str, Pattern | Lighthouse | Document] = {
    page.slug: page for page in (ROTATION_PAGE, VALENCIA, STATUTES, HOSTILE_PAGE)
}

STATUS = IndexStatus(
    fingerprint="4f1c88a0",
    patterns=3616,
    lighthouses=4,
    relations=61,
    sections=900,
    section_vectors=900,
    encoder="fake",
    schema=1,
    path="/nowhere",
    licences=("CC BY-SA 4.0",),
    documents=1,
    adopters=2,
    dangling=2,
    sources=(
        LibrarySource(
            "Commons Library", "https://example.org/commons-library", "0f3a9c2b7d", "2026-10-09T08:00:00+00:00"
        ),
        LibrarySource("minutes", notice="The repository could not be reached; an earlier copy is shown."),
    ),
    built="2026-10-14T16:20:05Z",
    problems=(
        Problem("patterns/a.md", "The front matter is not valid YAML; it was mended.", False),
        Problem("patterns/b.md", "The front matter is not valid YAML; it was mended.", False),
        Problem("archetypes.json", "38 of 1283 entries hold no archetype.", False),
        Problem("patterns/empty.md", "There is nothing in this file.", True),
    ),
)


def find_cards(typed: str, limit: int) -> tuple[Card, ...]:
    """Names first, then summaries, as the real one does."""
    wanted = typed.casefold().split()
    by_name = [card for card in CARDS if all(word in card.title.casefold() for word in wanted)]
    by_words = [card for card in CARDS if card not in by_name and all(w in card.summary.casefold() for w in wanted)]
    return tuple((*by_name, *by_words)[:limit])


def read_page(slug: str) -> Reading:
    """A page with its relations. Raises: InputError: no such page."""
    card = next((card for card in CARDS if card.slug == slug), None)
    if card is None:
        raise InputError(f"No page is called “{slug}”.", "Look for it in the list.")
    page = PAGES.get(slug) or Pattern(
        slug,
        f"pat_{slug}",
        card.title,
        source(slug, card.title, card.kind),
        (),
        card.summary,
        (Section("solution", "Solution", f"{card.summary} Begin small, and write down what you see."),),
        domains=card.domains,
        personas=card.personas,
    )
    relations: tuple[Relation, ...] = RELATIONS
    if slug == "hostile-page":
        relations = (
            replace(REQUIRES, subject=slug, reason=HOSTILE, object_title=HOSTILE, declared_by=HOSTILE),
            replace(TENSION, object=slug, reason=HOSTILE, subject_title=HOSTILE, subject=HOSTILE),
        )
    adoptions = tuple(item for item in ADOPTIONS if slug in (item.pattern, item.adopter_slug))
    if slug == "hostile-page":
        adoptions = (replace(ADOPTIONS[0], adopter=HOSTILE, quote=HOSTILE, page=HOSTILE, span=TextSpan(HOSTILE, 0, 1)),)
    return Reading(
        page,
        tuple(relation for relation in relations if relation.subject == slug),
        tuple(relation for relation in relations if relation.object == slug),
        adoptions,
        tuple(item for item in DANGLING if item.subject == slug)
        or ((replace(DANGLING[0], name=HOSTILE),) if slug == "hostile-page" else ()),
    )

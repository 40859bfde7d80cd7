"""The diagrams that are shipped with the starter library: of ten kinds, one of them in two versions."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from benchmarks.diagram_lettering import Lettering, fonts
from benchmarks.diagram_styles import MARKERS, THEMES, Style
from benchmarks.hand_layout import Leads, Put, Sketch

_LOOKS = {theme.name: theme for theme in THEMES}


def _style(theme: str, px: float = 16.0, **more: object) -> Style:
    letters = Lettering(next(path for path in fonts() if path.endswith("DejaVuSans.ttf")), px)
    style = Style("layered", MARKERS if theme == "marker" else _LOOKS[theme], letters, label_px=14.0, pen_px=2.0)
    return replace(style, head_px=14.0, **more)  # type: ignore[arg-type]


def _chain(*labels: str) -> tuple[Leads, ...]:
    return tuple(Leads(a, b) for a, b in pairwise(labels))


def _decision(second: bool) -> tuple[tuple[Put, ...], tuple[Leads, ...]]:
    """The two versions of one flowchart: the second hears people first, and looks again earlier."""
    last = "Review after six months" if second else "Review after a year"
    boxes = (
        Put("Someone proposes", 200, 100, "rounded"),
        *((Put("Hear those affected", 470, 100),) if second else ()),
        Put("Circle discusses", 200, 210),
        Put("Serious objection?", 200, 370, "diamond"),
        Put("Amend proposal", 520, 370),
        Put("Write it down", 200, 530, "note"),
        Put(last, 200, 640, "rounded"),
    )
    begins = ("Someone proposes", "Hear those affected", "Circle discusses")
    arrows = (
        *(_chain(*begins) if second else _chain(begins[0], begins[2])),
        Leads("Circle discusses", "Serious objection?"),
        Leads("Serious objection?", "Amend proposal", "yes"),
        Leads("Amend proposal", "Circle discusses", via=((520, 210),)),
        Leads("Serious objection?", "Write it down", "no"),
        Leads("Write it down", last),
    )
    return boxes, arrows


SKETCHES: tuple[Sketch, ...] = (
    Sketch(
        "governance-chart.png",
        "Brook Street housing: who answers to whom",
        _style("pastel", titled=True),
        (860, 480),
        (
            Put("General assembly", 430, 110, "rounded"),
            Put("Audit committee", 130, 250),
            Put("Board", 430, 250),
            Put("Mediation group", 730, 250),
            Put("Treasurer", 240, 410),
            Put("Repairs circle", 480, 410, "ellipse"),
            Put("Garden circle", 720, 410, "ellipse"),
        ),
        (
            Leads("General assembly", "Audit committee", "elects"),
            Leads("General assembly", "Board", "elects"),
            Leads("General assembly", "Mediation group", "appoints"),
            Leads("Audit committee", "Treasurer", "examines"),
            Leads("Board", "Treasurer", "appoints"),
            Leads("Board", "Repairs circle", "mandates"),
            Leads("Board", "Garden circle", "mandates"),
        ),
    ),
    Sketch(
        "decision-v1.png",
        "How a proposal is decided",
        _style("pastel", titled=True),
        (680, 700),
        *_decision(second=False),
    ),
    Sketch("decision-v2.mmd", "How a proposal is decided", _style("light"), (680, 700), *_decision(second=True)),
    Sketch(
        "fishery-loop.png",
        "Why the bay is fished empty",
        replace(
            _style("light", 17.0, titled=True, label_place="beside", lines="curve"),
            shapes=("text",),
            label_px=24.0,
        ),
        (880, 600),
        (
            Put("Fish stock", 400, 150, "text"),
            Put("Catch per boat", 660, 190, "text"),
            Put("Income from fishing", 740, 400, "text"),
            Put("Boats in the bay", 470, 530, "text"),
            Put("Total catch", 290, 370, "text"),
            Put("Young fish", 110, 150, "text"),
            Put("Agreed quota", 90, 520, "text"),
        ),
        (
            Leads("Fish stock", "Catch per boat", "+", bow=-0.12),
            Leads("Catch per boat", "Income from fishing", "+", bow=-0.15),
            Leads("Income from fishing", "Boats in the bay", "+", bow=-0.15),
            Leads("Boats in the bay", "Total catch", "+", bow=-0.15),
            Leads("Total catch", "Fish stock", "-", bow=0.12),
            Leads("Fish stock", "Young fish", "+", bow=-0.22),
            Leads("Young fish", "Fish stock", "+", bow=-0.22),
            Leads("Agreed quota", "Total catch", "-", bow=-0.15),
        ),
    ),
    Sketch(
        "plot-handover.drawio",
        "Handing over an allotment plot",
        _style("pastel", 13.0),
        (1040, 410),
        (
            Put("Gives notice", 180, 85, "rounded", "Member"),
            Put("Clears the plot", 360, 85, "box", "Member"),
            Put("Gets deposit back", 900, 85, "rounded", "Member"),
            Put("Inspects the plot", 540, 215, "box", "Plot group"),
            Put("Invites next in line", 900, 215, "box", "Plot group"),
            Put("Updates waiting list", 360, 345, "box", "Office"),
            Put("Pays out deposit", 720, 345, "box", "Office"),
        ),
        (
            Leads("Gives notice", "Clears the plot"),
            Leads("Gives notice", "Updates waiting list"),
            Leads("Clears the plot", "Inspects the plot"),
            Leads("Inspects the plot", "Clears the plot", "not yet in order"),
            Leads("Inspects the plot", "Pays out deposit", "in order"),
            Leads("Pays out deposit", "Gets deposit back"),
            Leads("Updates waiting list", "Invites next in line"),
        ),
        lanes=("Member", "Plot group", "Office"),
    ),
    Sketch(
        "food-hub.dot",
        "The food hub and its neighbours",
        _style("light"),
        (800, 600),
        (
            Put("Food hub", 0, 0, "ellipse"),
            *(Put(label, 0, 0) for label in ("Orchard", "Dairy", "Mill", "Bakery")),
            *(Put(label, 0, 0) for label in ("School kitchen", "Corner shop", "Delivery bikes")),
        ),
        (
            Leads("Orchard", "Food hub", "fruit"),
            Leads("Dairy", "Food hub", "milk"),
            Leads("Mill", "Bakery", "flour"),
            Leads("Bakery", "Food hub", "bread"),
            Leads("Food hub", "School kitchen", "meals"),
            Leads("Food hub", "Corner shop", "boxes"),
            Leads("Food hub", "Delivery bikes", "orders and crates", "both"),
        ),
    ),
    Sketch(
        "maintenance-fund.puml",
        "Where the maintenance money comes from and goes",
        _style("light"),
        (800, 600),
        tuple(
            Put(label, 0, 0)
            for label in (
                "Monthly rents",
                "Laundry income",
                "Town grant",
                "Common purse",
                "Maintenance fund",
                "Loan repayment",
                "Solidarity fund",
                "Roof repairs",
                "Lift service",
            )
        ),
        (
            Leads("Monthly rents", "Common purse"),
            Leads("Laundry income", "Common purse"),
            Leads("Common purse", "Maintenance fund", "a fifth"),
            Leads("Town grant", "Maintenance fund", "until the roof is done"),
            Leads("Common purse", "Loan repayment", "half"),
            Leads("Common purse", "Solidarity fund"),
            Leads("Maintenance fund", "Roof repairs"),
            Leads("Maintenance fund", "Lift service"),
        ),
    ),
    Sketch(
        "repair-whiteboard.jpg",
        "Repair morning",
        replace(
            _style("marker", 23.0, wobble_px=1.8, heads="open", titled=True, outlined=True),
            lettering=replace(_style("marker", 23.0).lettering, by_hand=True),
            pen_px=3.2,
            head_px=19.0,
        ),
        (980, 620),
        (
            Put("Visitor arrives", 170, 170, "ellipse"),
            Put("Welcome desk", 500, 170),
            Put("Coffee corner", 820, 170, "rounded"),
            Put("Repair table", 500, 350),
            Put("Spare parts", 170, 350),
            Put("Test together", 500, 530),
            Put("Write what failed", 820, 440),
        ),
        (
            Leads("Visitor arrives", "Welcome desk"),
            Leads("Welcome desk", "Coffee corner"),
            Leads("Welcome desk", "Repair table"),
            Leads("Spare parts", "Repair table"),
            Leads("Repair table", "Test together"),
            Leads("Test together", "Write what failed"),
        ),
        photo=True,
    ),
    Sketch(
        "solar-sketch.png",
        "Power on Linden Row",
        _style("no-border", 15.0, titled=True),
        (900, 430),
        (
            Put("Solar roof", 110, 130, "icon"),
            Put("Inverter", 330, 130, "icon"),
            Put("House meter", 560, 130, "icon"),
            Put("Village grid", 790, 130, "icon"),
            Put("Battery", 330, 330, "icon"),
            Put("Wash house", 560, 330, "icon"),
        ),
        (
            Leads("Solar roof", "Inverter"),
            Leads("Inverter", "House meter"),
            Leads("House meter", "Village grid", heads="both"),
            Leads("Inverter", "Battery"),
            Leads("Battery", "Wash house"),
        ),
    ),
    Sketch(
        "housing-organisation.svg",
        "The housing cooperative and its parts",
        _style("pastel", 15.0),
        (860, 400),
        (
            Put("Cooperative council", 430, 50, "rounded"),
            Put("Land trust", 120, 190),
            Put("House associations", 400, 190),
            Put("Service team", 710, 190),
            Put("North house", 310, 330),
            Put("South house", 490, 330),
            Put("Accounts", 640, 330),
            Put("Caretakers", 780, 330),
        ),
        (
            Leads("Cooperative council", "Land trust", via=((390, 50), (390, 115), (120, 115))),
            Leads("Cooperative council", "House associations", via=((415, 50), (415, 120), (400, 120))),
            Leads("Cooperative council", "Service team", via=((470, 50), (470, 115), (710, 115))),
            Leads("House associations", "North house", via=((380, 190), (380, 260), (310, 260))),
            Leads("House associations", "South house", via=((420, 190), (420, 260), (490, 260))),
            Leads("Service team", "Accounts", via=((690, 190), (690, 260), (640, 260))),
            Leads("Service team", "Caretakers", via=((730, 190), (730, 260), (780, 260))),
        ),
    ),
    Sketch(
        "open-day-slide.pptx",
        "From an idea to the open day",
        _style("pastel", 18.0),
        (960, 540),
        (
            Put("Idea circle", 130, 180, "rounded"),
            Put("Working group", 380, 180),
            Put("Budget check", 630, 180, "hexagon"),
            Put("Open day", 830, 360, "ellipse"),
            Put("Volunteers", 380, 360),
        ),
        (
            *_chain("Idea circle", "Working group", "Budget check", "Open day"),
            Leads("Volunteers", "Open day"),
        ),
        notes=("Garden and workshop association, spring meeting",),
    ),
)

"""What made-up diagrams say: boxes, arrows, lanes and titles from the life of commons, in words of our own."""

from __future__ import annotations

import random

_WHO = (
    "Assembly Board Treasurer Gardener Beekeeper Tenant Miller Baker Caretaker Mediator Newcomer Neighbour Secretary"
    " Auditor Facilitator Boatman Forester Shepherd Librarian Cook Cyclist Plumber Steward Elder"
).split()
_WHAT = (
    "Well Orchard Pasture Toolshed Kitchen Workshop Ledger Harvest Rota Fund Loan Rent Quota Permit Seedbank Boiler"
    " Cistern Hedge Pump Barn Boat Bike Roof Meadow Firewood Compost Nursery Laundry Server Archive Stall Mill"
).split()
_DOING = (
    "Repair Clear Count Share Store Borrow Measure Invite Hear Approve Pay Plant Mend Check Publish Lend Return Water"
    " Inspect Plan Review Vote Discuss Draft Sort Weigh Deliver Clean Teach Record"
).split()
_KIND = (
    "common shared yearly local open winter village spare old new joint weekly free outer upper first second quiet"
).split()
_GROUPS = (
    "Circle Group Meeting Council Office Table Panel Crew Network Register Notice Report Budget Reserve Contract Day"
).split()
_VERBS = (
    "elects informs pays feeds waters repairs asks lends audits hears signs calls mandates supplies reviews reminds"
    " invites supports limits refuses"
).split()
_SAID = (
    "by lot;each spring;if agreed;on request;half of it;once a year;if refused;key;grain;10 %;yes;no;rent;late;"
    "weekly;by post;two thirds;surplus;seed;report"
).split(";")
_VARIABLES = (
    "Trust;Fish stock;Rainfall;Free riding;Membership;Dues paid;Repairs done;Waiting list;Grass left;Soil life;Debt;"
    "Volunteers;Attendance;Noise;Rent level;Water drawn;Pest pressure;Shared tools;Workload;Skill;Conflict;Income;"
    "Tree cover;Rules kept;Waste;Reserves;Cows grazing;Honey yield;Turnover;Knowledge"
).split(";")
_LANES = "Members;Board;Office;Workshop;Garden crew;Treasury;Neighbours;Town hall;Kitchen;Finance".split(";")
_TITLES = (
    "How we share the water;Who looks after what;Our year in the garden;Money in and out;From request to repair;"
    "What keeps the pasture green;The house and its circles;A day at the workshop"
).split(";")
_REMARKS = (
    "Drawn at the autumn meeting;Draft, not yet agreed;See minutes of the last assembly;Changes since May in bold;"
    "Please tell us what is missing"
).split(";")
_MEANINGS = "paid work;voluntary;since this year;under review;by rota;open to all;members only;outside help".split(";")


def made_label(chance: random.Random) -> str:
    """What a box says, one to four words."""
    form = chance.randrange(6)
    if form == 0:
        return chance.choice(_WHO)
    if form == 1:
        return f"{chance.choice(_DOING)} {chance.choice(_WHAT).lower()}"
    if form == 2:
        return f"{chance.choice(_WHAT)} {chance.choice(_GROUPS).lower()}"
    if form == 3:
        return f"{chance.choice(_KIND).capitalize()} {chance.choice(_WHAT).lower()}"
    if form == 4:
        return f"{chance.choice(_WHO)} {chance.choice(_GROUPS).lower()}"
    return f"{chance.choice(_DOING)} {chance.choice(_KIND)} {chance.choice(_WHAT).lower()}"


def made_labels(chance: random.Random, count: int, variables: bool = False) -> list[str]:
    """Labels that no two boxes share, nor nearly: a reader is scored by how alike labels are."""
    if variables:
        return chance.sample(_VARIABLES, count)
    labels: list[str] = []
    first_words: set[str] = set()
    while len(labels) < count:
        label = made_label(chance)
        # The last word may come again, as in life, but never with the same first.
        if label.split()[0] not in first_words or len(first_words) > 60:
            first_words.add(label.split()[0])
            labels.append(label)
    return labels


def made_saying(chance: random.Random) -> str:
    """What stands at an arrow."""
    return chance.choice((*_VERBS, *_SAID))


def made_lanes(chance: random.Random, count: int) -> list[str]:
    return chance.sample(_LANES, count)


def made_title(chance: random.Random) -> str:
    return chance.choice(_TITLES)


def made_remark(chance: random.Random) -> str:
    return chance.choice(_REMARKS)


def made_meanings(chance: random.Random, count: int) -> list[str]:
    """What colours stand for."""
    return chance.sample(_MEANINGS, count)

"""What follows from a diagram's arrows: ways, loops and their signs, ends, lanes, changes, and labels as said."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from cml_mm.diagrams.changes import changes
from cml_mm.diagrams.labels import SURE, likeness, same_part, stem_of
from cml_mm.diagrams.loops import MOST_LOOPS, is_causal, loops, polarity
from cml_mm.diagrams.structure import MOST_WAYS, DiagramGraph, Step
from cml_mm.diagrams.values import Diagram, DiagramContainer, DiagramEdge, DiagramNode, Heads, LegendEntry


def graph(*arrows: str, nodes: str = "", lanes: tuple[DiagramContainer, ...] = ()) -> DiagramGraph:
    """Arrows as "a>b", "a-b" (no head), "a=b" (two heads), with ":label" behind; more boxes by their letters."""
    edges = []
    for at, arrow in enumerate(arrows):
        ends, _, label = arrow.partition(":")
        sign = next(char for char in ends if char in ">-=")
        heads: Heads = {">": "target", "-": "none", "=": "both"}[sign]  # type: ignore[assignment]
        edges.append(DiagramEdge(f"e{at}", *ends.split(sign), label, heads))
    letters = dict.fromkeys([end for edge in edges for end in (edge.source, edge.target)] + list(nodes))
    inside = {lane.id for lane in lanes}
    boxes = tuple(DiagramNode(letter, letter.upper()) for letter in letters if letter not in inside)
    return DiagramGraph(Diagram("", "dot", boxes, tuple(edges), lanes))


def ends(steps: tuple[Step, ...]) -> str:
    return "".join(step.end for step in steps)


def starts(steps: tuple[Step, ...]) -> str:
    return "".join(step.start for step in steps)


def test_what_comes_directly_after_and_before() -> None:
    one = graph("a>b", "a=c", "d-a", "e>a")
    assert ends(one.out_of("a")) == "bc"
    assert starts(one.into("a")) == "ce"
    assert ends(one.joined("a")) == "bcde"
    assert (one.out_of("b"), one.into("e"), one.out_of("nobody")) == ((), (), ())


def test_everything_after_and_before_is_reached_once_nearest_first() -> None:
    one = graph("a>b", "b>c", "c>a", "c>d", "x>b", "d-y")
    assert ends(one.after("a")) == "bcd"
    assert set(starts(one.before("d"))) == set("cbax")
    assert starts(one.before("d"))[0] == "c"
    assert all(step.edge.target == step.end for step in one.before("d"))


def test_all_shortest_ways_and_no_longer_ones() -> None:
    one = graph("a>b", "a>c", "b>d", "c>d", "a>e", "e>f", "f>d")
    ways = one.ways("a", "d")
    assert [ends(way) for way in ways.steps] == ["bd", "cd"]
    assert (ways.directed, ways.more) == (True, False)


def test_direction_is_passed_over_only_where_no_arrows_lead_and_said() -> None:
    one = graph("a>b", "c>b", "x>y")
    ways = one.ways("a", "c")
    assert [ends(way) for way in ways.steps] == ["bc"]
    assert not ways.directed
    assert one.ways("a", "c", directed_only=True).steps == ()
    assert one.ways("a", "x").steps == ()
    assert one.ways("a", "a").steps == ()


def test_more_ways_than_are_listed_are_said() -> None:
    one = graph(*(f"a>{letter}" for letter in "bcdefghijk"), *(f"{letter}>z" for letter in "bcdefghijk"))
    ways = one.ways("a", "z")
    assert len(ways.steps) == MOST_WAYS and ways.more


def test_a_line_without_heads_leads_nowhere_and_two_heads_both_ways() -> None:
    one = graph("a-b", "c=d")
    assert not one.ways("a", "b").directed
    assert one.ways("c", "d").directed and one.ways("d", "c").directed


def test_what_stands_between_two() -> None:
    one = graph("a>b", "b>c", "d>a", "d>c", "a>e")
    assert [part for part, _, _ in one.between("a", "c")] == ["b", "d"]


def test_beginnings_ends_and_boxes_without_arrows() -> None:
    one = graph("a>b", "b>c", "c>b", "s>s", "s>t", nodes="z")
    assert [node.id for node in one.roots] == ["a", "s"]
    assert [node.id for node in one.leaves] == ["t"]
    assert [node.id for node in one.unjoined] == ["z"]


def test_hubs_count_each_line_once() -> None:
    one = graph("a>a", "a>b", "b-c")
    assert one.degrees == {"a": 2, "b": 2, "c": 1}
    assert [node.id for node in one.hubs] == ["a", "b"]
    assert graph(nodes="ab").hubs == ()


def test_arrows_may_end_at_lanes() -> None:
    one = graph("a>g", "g>b", lanes=(DiagramContainer("g", "Group"),))
    assert ends(one.after("a")) == "gb"
    assert [ends(way) for way in one.ways("a", "b").steps] == ["gb"]


def test_a_lane_holds_what_is_in_the_groups_within_it() -> None:
    lanes = (DiagramContainer("l", "Lane"), DiagramContainer("g", "Group", parent="l"), DiagramContainer("o", "Other"))
    places = {"a": "l", "b": "g", "c": "o"}
    nodes = tuple(DiagramNode(letter, letter, container=lane) for letter, lane in places.items())
    one = DiagramGraph(Diagram("", "dot", nodes, (), lanes))
    assert [node.id for node in one.inside("l")] == ["a", "b"]
    assert [node.id for node in one.inside("g")] == ["b"]


def test_groups_that_hold_each_other_do_not_hang() -> None:
    lanes = (DiagramContainer("l", "L", parent="g"), DiagramContainer("g", "G", parent="l"))
    assert DiagramGraph(Diagram("", "dot", (DiagramNode("a", "A", container="l"),), (), lanes)).inside("g")


def test_boxes_of_a_colour_are_those_nearest_to_its_entry() -> None:
    nodes = (
        DiagramNode("a", "A", "diamond", colour="#ff0000"),
        DiagramNode("b", "B", "diamond", colour="#fe0101"),
        DiagramNode("c", "C", colour="#0000ff"),
        DiagramNode("d", "D", colour="blueish"),
    )
    legend = (LegendEntry("#ff0000", "stop"), LegendEntry("#0000ff", "go"))
    one = DiagramGraph(Diagram("", "dot", nodes, legend=legend))
    assert [node.id for node in one.of_colour(["#ff0000"])] == ["a", "b"]


def loop_letters(one: DiagramGraph) -> list[str]:
    return ["".join(loop.nodes) for loop in loops(one).found]


def test_every_loop_is_found_once() -> None:
    assert loop_letters(graph("a>b", "b>c", "c>a", "b>a", "d>d", "e>f")) == ["d", "ab", "abc"]
    assert loop_letters(graph("a>b", "a>b", "b>a")) == ["ab", "ab"]
    assert loop_letters(graph("a>b", "b>c")) == []


def test_one_two_way_arrow_is_no_loop_but_three_are() -> None:
    assert loop_letters(graph("a=b")) == []
    assert loop_letters(graph("a=b", "b=c", "c=a")) == ["abc", "acb"]
    assert loop_letters(graph("a-b", "b-a")) == []


def test_loops_agree_with_a_search_by_hand() -> None:
    chance = random.Random(5)
    for _ in range(30):
        size = chance.randint(3, 6)
        letters = "abcdef"[:size]
        pairs = sorted({(chance.choice(letters), chance.choice(letters)) for _ in range(size + 3)})
        one = graph(*(f"{a}>{b}" for a, b in pairs))
        follows = set(pairs)
        found = set()

        def grow(way: str, follows: set[tuple[str, str]] = follows, found: set[str] = found) -> None:
            for last, following in follows:
                if last == way[-1] and following == way[0]:
                    at = way.index(min(way))
                    found.add(way[at:] + way[:at])
                elif last == way[-1] and following not in way:
                    grow(way + following)

        for letter in letters:
            grow(letter)
        turned = set()
        for loop in loop_letters(one):
            at = loop.index(min(loop))
            turned.add(loop[at:] + loop[:at])
        assert turned == found
        assert len(loop_letters(one)) == len(found)


def test_a_dense_diagram_is_cut_off_and_says_so() -> None:
    letters = [f"n{number}" for number in range(40)]
    edges = tuple(DiagramEdge(f"{a}{b}", a, b) for a in letters for b in letters if a != b)
    found = loops(DiagramGraph(Diagram("", "dot", tuple(DiagramNode(one, one) for one in letters), edges)))
    assert found.more and len(found.found) == MOST_LOOPS


def test_a_loop_behind_many_ways_or_at_the_end_of_a_long_row_is_found() -> None:
    diamonds = [f"s{at}>{side}{at} {side}{at}>s{at + 1}" for at in range(16) for side in "lr"]
    late = graph(*" ".join(diamonds).split(), "s16>x", "x>y", "y>s16")
    assert [loop.nodes for loop in loops(late).found] == [("s16", "x", "y")] and not loops(late).more
    row = graph(*(f"a{at}>a{at + 1}" for at in range(400)), "a400>a395")
    assert [len(loop.nodes) for loop in loops(row).found] == [6] and not loops(row).more
    assert not loops(row, ["a3"]).found and loops(row, ["a400"]).found[0].nodes[0] == "a400"


def test_a_part_with_too_many_ways_still_has_a_loop_named() -> None:
    # from s0 on, 2^24 ways lead to the one arrow that comes back, and dead ends are met long before it
    diamonds = [f"s{at}>{side}{at} {side}{at}>s{at + 1}" for at in range(24) for side in "lr"]
    dead = graph("s0>t", "t>s0", *" ".join(diamonds).split(), "s24>s0")
    assert loops(dead).more and loops(dead).found
    through = loops(dead, ["l23"])
    assert through.more and through.found and all("l23" in loop.nodes for loop in through.found)


def test_loops_through_a_box_are_those_of_all_that_pass_it() -> None:
    chance = random.Random(8)
    met = 0
    for _ in range(60):
        one = graph(*(chance.choice("abcde") + chance.choice(">>=-") + chance.choice("abcde") for _ in range(9)))
        every = loops(one)
        for box in one.nodes:
            if every.more:
                continue
            wanted = {frozenset(step.edge.id + step.end for step in loop.steps)
                      for loop in every.found if box in loop.nodes}  # fmt: skip
            found = loops(one, [box]).found
            assert {frozenset(step.edge.id + step.end for step in loop.steps) for loop in found} == wanted
            met += len(found)
    assert met > 100


def test_a_row_of_two_way_arrows_has_no_loop_but_a_ring_hung_on_it_has() -> None:
    assert not loops(graph(*(f"a{at}=a{at + 1}" for at in range(50)))).found
    hung = graph("a=b", "b=c", "c=d", "d=b")
    assert loops(hung).found and not loops(hung, ["a"]).found


@pytest.mark.parametrize(
    ("label", "sign"),
    [
        ("+", "+"), ("(+)", "+"), ("s", "+"), ("S", "+"), ("more", "+"), ("-", "-"), ("−", "-"), ("–", "-"), ("o", "-"),
        ("less", "-"), ("+ trust", "+"), ("fear −", "-"), ("co-op", ""), ("", ""), ("+/-", ""), ("members", ""),
        ("so", ""), ("more members come to every meeting", ""),
    ],
)  # fmt: skip
def test_signs_are_read_from_labels(label: str, sign: str) -> None:
    assert polarity(DiagramEdge("e", "a", "b", label)) == sign


def test_an_even_number_of_minus_signs_reinforces_and_an_odd_one_balances() -> None:
    kinds = {
        "reinforcing": (("+", "+"), ("-", "-"), ("s", "s"), ("o", "o")),
        "balancing": (("+", "-"), ("less", "more")),
        "": (("+", ""), ("", "")),
    }
    for kind, pairs in kinds.items():
        for one, other in pairs:
            found = loops(graph(f"a>b:{one}", f"b>a:{other}")).found
            assert [loop.kind for loop in found] == [kind]
            assert len(found[0].unsigned) == (one, other).count("")
    assert is_causal(graph("a>b:+", "b>c:-", "c>d"))
    assert not is_causal(graph("a>b:+", "b>c", "c>d"))


def version(*arrows: str, **labels: str) -> DiagramGraph:
    made = graph(*arrows).diagram
    names = {"a": "Assembly", "b": "Board", "c": "Care group", "d": "Drop box", "x": "Xylophone room"}
    nodes = (replace(node, label=labels.get(node.id, names[node.id])) for node in made.nodes)
    return DiagramGraph(replace(made, nodes=tuple(nodes)))


def test_the_same_is_the_same() -> None:
    assert changes(version("a>b", "b>c"), version("a>b", "b>c")).none
    assert changes(version("a>b"), version("a>b", a="assembly", b="BOARD")).none


def test_boxes_and_arrows_added_and_removed() -> None:
    found = changes(version("a>b", "b>c"), version("a>b", "b>x"))
    assert [node.label for node in found.added] == ["Xylophone room"]
    assert [node.label for node in found.removed] == ["Care group"]
    assert [edge.target for edge in found.added_edges] == ["x"]
    assert [edge.target for edge in found.removed_edges] == ["c"]


def test_a_box_with_a_like_name_between_the_same_boxes_was_renamed() -> None:
    found = changes(version("a>b", "b>c"), version("a>b", "b>c", c="Care circle"))
    assert [(pair.old.label, pair.new.label, pair.renamed) for pair in found.changed] == [
        ("Care group", "Care circle", True)
    ]
    assert not (found.added or found.removed or found.added_edges or found.removed_edges)


def test_arrows_turned_round_relabelled_and_with_other_heads() -> None:
    found = changes(version("a>b:asks", "b>c", "c>d"), version("b>a:asks", "b>c:tells", "c-d"))
    told = [(pair.reversed, pair.relabelled, pair.headed) for pair in found.changed_edges]
    assert sorted(told) == [(False, False, True), (False, True, False), (True, False, False)]
    assert not (found.added_edges or found.removed_edges)


def test_a_box_that_moved_to_another_lane() -> None:
    lanes = (DiagramContainer("l", "Left"), DiagramContainer("r", "Right"))
    old = Diagram("", "dot", (DiagramNode("a", "A box", container="l"),), (), lanes)
    new = replace(old, nodes=(DiagramNode("q", "A box", container="r"),))
    found = changes(DiagramGraph(old), DiagramGraph(new))
    assert [(pair.old_lane, pair.new_lane, pair.moved, pair.renamed) for pair in found.changed] == [
        ("Left", "Right", True, False)
    ]


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("the boards", "Board"),
        ("deciding on the budget", "Decide on budget"),
        ("assemblies", "Assembly"),
        ("the treasurer's", "Treasurer"),
        ("Genral assembly", "General assembly"),
        ("co operative", "Co-operative"),
        ("the box Treasurer", "Treasurer"),
        ("Élection", "election"),
        ("serious objections", "Serious objection?"),
    ],
)
def test_labels_are_known_in_any_form(said: str, label: str) -> None:
    assert likeness(said, label) >= SURE


@pytest.mark.parametrize(
    ("said", "label"),
    [("north house", "South house"), ("step 1", "Step 2"), ("board", "Bread"), ("mill", "Mall"), ("", "Board")],
)
def test_other_labels_are_not(said: str, label: str) -> None:
    assert likeness(said, label) < SURE


def test_a_label_in_part_counts_only_where_no_other_holds_it() -> None:
    labels = [("1", "General assembly"), ("2", "Audit committee"), ("3", "Works committee")]
    assert [like.part for like in same_part("the assembly", labels)] == ["1"]
    assert same_part("the committee", labels) == ()
    assert [like.part for like in same_part("the committee", [*labels, ("4", "Committee")])] == ["4"]
    assert [like.part for like in same_part("Board", [("1", "Board"), ("2", "board")])] == ["1", "2"]


def test_stems_of_one_word_agree() -> None:
    for forms in (
        "decide decides decided deciding",
        "plan plans planned planning",
        "carry carries carried",
        "object objection",
    ):
        assert len({stem_of(word) for word in forms.split()}) == 1

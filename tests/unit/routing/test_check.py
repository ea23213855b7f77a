"""What the rules say of a route: a table of truths, what is offered, and what holds for every route."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.routing.check import Finding, Offer, check_route
from matching.routing.learned import usual_hours, usual_order
from matching.routing.plan import plan
from matching.routing.route import Hours, Route, RouteStep
from matching.routing.rule_table import coats, material_rules, missing_rules, order_rules, sentences
from matching.types import Need, Phrase, Verdict
from matching.understanding.request import read
from matching.vocabulary.materials import materials
from matching.vocabulary.processes import processes

TODAY = date(2026, 12, 1)
OK, ASK, NO = Verdict.OK, Verdict.UNKNOWN, Verdict.NO


def need(text: str) -> Need:
    return read(text, TODAY)


def route(job: Need, *steps: str) -> Route:
    """`bending<1,2` waits for the first and the second step; without `<` a step follows the one before."""
    made = []
    for i, said in enumerate(steps):
        name, waits, after = said.partition("<")
        direct = tuple(int(n) - 1 for n in after.split(",") if n) if waits else ((i - 1,) if i else ())
        made.append(RouteStep(f"s{i + 1}", name, direct, Hours(8, 4, 16), Phrase("", ""), job))
    return Route(tuple(made))


def about(found: Sequence[Finding], rule: str) -> list[Verdict]:
    return [one.verdict for one in found if one.rule.startswith(rule)]


@pytest.mark.parametrize(
    ("material", "process_id", "trait", "wanted"),
    [
        ("SUS304", "hardening", "hardenable", NO),
        ("SUS304", "vacuum_hardening", "hardenable", NO),
        ("SUS440C", "hardening", "hardenable", OK),
        ("S45C", "induction_hardening", "hardenable", OK),
        ("SS400", "hardening", "hardenable", ASK),
        ("ステンレス", "hardening", "hardenable", ASK),
        ("A5052", "hardening", "hardenable", NO),
        ("A5052", "black_anodising", "anodisable", OK),
        ("ADC12", "anodising", "anodisable", ASK),
        ("SUS304", "anodising", "anodisable", NO),
        ("真鍮", "black_anodising", "anodisable", NO),
        ("POM", "anodising", "anodisable", NO),
        ("SCM415", "carburising", "carburisable", OK),
        ("SKD11", "carburising", "carburisable", ASK),
        ("A7075", "welding", "weldable", ASK),
        ("A5052", "tig_welding", "weldable", OK),
        ("真鍮", "welding", "weldable", NO),
        ("アルミナ", "wire_edm", "conductive", NO),
        ("超硬", "wire_edm", "conductive", OK),
        ("A5052", "zinc_plating", "ferrous", NO),
        ("SPCC", "zinc_plating", "ferrous", OK),
        ("SUS304", "injection_moulding", "plastic", NO),
    ],
)
def test_what_a_process_asks_of_the_material(material: str, process_id: str, trait: str, wanted: Verdict) -> None:
    job = need(f"{material}の部品を10個。")
    assert about(check_route(route(job, process_id), job), f"material:{trait}") == [wanted]


def test_why_not_is_said_in_both_languages() -> None:
    job = need("SUS304の軸を10本。")
    [found] = [f for f in check_route(route(job, "turning", "hardening"), job) if f.verdict is NO]
    assert "SUS304は焼入れをしても硬くなりません" in found.fact.ja
    assert "SUS440C" in found.fact.en
    assert found.steps == ("s2",)


def test_a_job_of_several_materials_is_asked_which_part_is_meant() -> None:
    job = need("CFRPの腕にアルミの金具をつける。")
    [found] = [one for one in check_route(route(job, "anodising"), job) if one.rule.startswith("material")]
    assert found.verdict is ASK
    assert "どの部品の工程か" in found.fact.ja


def test_without_a_material_nothing_is_said_about_it() -> None:
    job = need("部品を10個。")
    assert about(check_route(route(job, "hardening", "anodising"), job), "material") == []


ORDERS = [
    ("welding painting", OK),
    ("painting welding", NO),
    ("plating welding", NO),
    ("brazing electroless_nickel", OK),
    ("electroless_nickel brazing", NO),
    ("black_anodising tig_welding", NO),
    ("hardening cylindrical_grinding", OK),
    ("cylindrical_grinding hardening", ASK),
    ("turning hardening", OK),
    ("hardening turning", ASK),
    ("hardening hard_chrome", OK),
    ("hard_chrome hardening", NO),
    ("milling anodising", OK),
    ("anodising milling", ASK),
    ("milling anodising machining_rework", OK),
    ("plating painting", OK),
    ("painting plating", NO),
    ("blasting powder_coating", OK),
    ("powder_coating blasting", ASK),
    ("iron_casting turning", OK),
    ("turning iron_casting", NO),
    ("injection_mould_making injection_moulding", OK),
    ("injection_moulding injection_mould_making", NO),
    ("laser_cutting bending", OK),
    ("bending laser_cutting", NO),
    ("painting laser_marking", OK),
    ("laser_marking painting", ASK),
    ("offset_printing perfect_binding", OK),
    ("perfect_binding offset_printing", NO),
    ("leather_cutting leather_sewing", OK),
    ("leather_sewing leather_cutting", NO),
    ("pcb_layout smt", OK),
    ("smt pcb_layout", NO),
    ("cad_design milling", OK),
    ("milling cad_design", ASK),
]


@pytest.mark.parametrize(("steps", "wanted"), ORDERS)
def test_what_comes_before_what(steps: str, wanted: Verdict) -> None:
    job = need("部品を10個。")
    found = about(check_route(route(job, *steps.split()), job), "order:")
    assert wanted in found
    assert NO not in found or wanted is NO


def test_parallel_branches_have_no_order() -> None:
    job = need("部品を10個。")
    assert about(check_route(route(job, "painting<", "welding<", "assembly<1,2"), job), "order:welding") == []


@pytest.mark.parametrize(
    ("text", "steps", "rule", "wanted", "offer"),
    [
        ("公差±0.05。", "welding", "missing:stress_relief", ASK, Offer("stress_relief", "s1")),
        ("公差±0.05。", "welding stress_relief milling", "missing:stress_relief", OK, None),
        ("公差±0.5。", "welding", "missing:stress_relief", None, None),
        ("", "welding", "missing:stress_relief", None, None),
        ("公差±0.02。", "turning hardening", "missing:grinding", ASK, Offer("grinding", "s2")),
        ("公差±0.02。", "turning hardening cylindrical_grinding", "missing:grinding", OK, None),
        ("公差±0.02。", "turning hardening wire_edm", "missing:grinding", OK, None),
        ("", "welding powder_coating", "missing:blasting", ASK, Offer("blasting", "s1")),
        ("", "welding blasting powder_coating", "missing:blasting", OK, None),
        ("", "milling electroless_nickel", "missing:blasting", None, None),
        ("", "bending", "missing:laser_cutting", ASK, Offer("laser_cutting", "")),
        ("", "laser_cutting bending", "missing:laser_cutting", OK, None),
        # A tube is bought to length; no sheet is cut for it.
        ("", "pipe_bending", "missing:laser_cutting", None, None),
    ],
)
def test_what_is_missing(text: str, steps: str, rule: str, wanted: Verdict | None, offer: Offer | None) -> None:
    job = need(f"SS400の部品を10個。{text}")
    found = [one for one in check_route(route(job, *steps.split()), job) if one.rule == rule]
    assert [one.verdict for one in found] == ([wanted] if wanted else [])
    assert [one.offer for one in found if one.offer] == ([offer] if offer else [])


@pytest.mark.parametrize(
    ("tolerance", "steps", "wanted"),
    [
        ("±0.05", "milling black_anodising", [ASK]),
        ("±0.5", "milling black_anodising", [OK]),
        ("±0.005", "milling black_anodising", [NO]),
        ("±0.005", "milling masking black_anodising", []),
        ("±0.005", "turning hard_chrome cylindrical_grinding", []),
        ("±0.05", "milling powder_coating", [NO]),
        ("±0.05", "milling", []),
    ],
)
def test_the_coat_is_held_against_the_tolerance(tolerance: str, steps: str, wanted: list[Verdict]) -> None:
    job = need(f"部品を10個。公差{tolerance}。")
    assert about(check_route(route(job, *steps.split()), job), "coat") == wanted


def test_without_a_tolerance_no_coat_is_too_thick() -> None:
    job = need("部品を10個。")
    assert about(check_route(route(job, "powder_coating"), job), "coat") == []


@pytest.mark.parametrize(
    ("text", "steps", "wanted"),
    [
        ("検査成績書をつけてほしい。", "milling cmm", [OK]),
        ("検査成績書をつけてほしい。", "milling cmm packaging", [OK]),
        ("検査成績書をつけてほしい。", "cmm milling", [NO]),
        ("検査成績書をつけてほしい。", "milling", [ASK]),
        ("ミルシートがほしい。", "milling", []),
        ("ミルシートと測定データがほしい。", "milling", [ASK]),
        ("", "milling", []),
        ("検査成績書をつけてほしい。", "", []),
    ],
)
def test_the_inspection_comes_last_where_a_report_is_wanted(text: str, steps: str, wanted: list[Verdict]) -> None:
    job = need(f"部品を10個。{text}")
    assert about(check_route(route(job, *steps.split()), job), "documents") == wanted


def test_an_inspection_is_offered_behind_the_last_step_that_makes_something() -> None:
    job = need("部品を10個。検査成績書もほしい。")
    found = check_route(route(job, "milling", "assembly", "packaging"), job)
    assert [one.offer for one in found if one.rule == "documents"] == [Offer("cmm", "s1")]


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        ("milling< turning< assembly<1,2", [OK]),
        ("milling< turning< assembly<1", [NO]),
        ("milling assembly", []),
        ("assembly milling", []),
    ],
)
def test_parts_are_ready_before_they_are_assembled(steps: str, wanted: list[Verdict]) -> None:
    job = need("部品を10個。")
    assert about(check_route(route(job, *steps.split()), job), "assembly") == wanted


@pytest.mark.parametrize(
    ("steps", "wanted"), [("assembly packaging", []), ("packaging assembly", [NO]), ("rigid_box packaging", [])]
)
def test_nothing_follows_the_packing(steps: str, wanted: list[Verdict]) -> None:
    job = need("部品を10個。")
    assert about(check_route(route(job, *steps.split()), job), "ending") == wanted


def test_a_step_that_waits_for_a_later_one_is_found() -> None:
    job = need("部品を10個。")
    assert about(check_route(route(job, "milling<2", "turning<1"), job), "order_of_list") == [NO, NO]


def test_where_the_rules_are_silent_the_known_routes_speak() -> None:
    assert usual_order("turning", "buffing")
    assert not usual_order("buffing", "turning")
    assert not usual_order("turning", "turning")
    assert usual_order("milling", "cmm")
    job = need("部品を10個。")
    found = [one for one in check_route(route(job, "cmm", "milling"), job) if one.rule == "usual"]
    assert [one.verdict for one in found] == [ASK]
    assert "ふつうはフライス加工のあとに三次元測定" in found[0].fact.ja
    assert about(check_route(route(job, "milling", "cmm"), job), "usual") == []


def test_hours_are_learned_where_routes_are_enough() -> None:
    assert usual_hours("turning") is not None
    assert usual_hours("weaving") is None
    assert usual_hours("unknown") is None


def test_the_tables_name_only_what_the_vocabulary_knows() -> None:
    ids: set[str] = set()
    for material_rule in material_rules():
        ids |= set(material_rule.of)
        assert set(material_rule.doubt) <= materials().keys()
    for order_rule in order_rules():
        ids |= {*order_rule.first, *order_rule.then}
    for missing_rule in missing_rules():
        ids |= {*missing_rule.of, *missing_rule.needs, *missing_rule.after, missing_rule.add}
    for coat, _um in coats():
        ids |= set(coat)
    for name, keys in (("coat", ("safe",)), ("documents", ("steps", "behind")), ("assembly", ("of",))):
        ids |= {id_ for key in keys for id_ in sentences(name).ids(key)}
    assert ids <= processes().keys()


@pytest.mark.parametrize(
    "text",
    [
        "配膳ロボットの首を10個。A5052の板を曲げて溶接、全体を黒アルマイト。公差±0.05。検査成績書もほしい。",
        "S45Cの軸を旋盤で削って焼入れ、研磨。公差±0.01。",
        "鉄のフレームを溶接してブラスト、粉体塗装、組立、梱包まで。",
    ],
)
def test_a_planned_route_holds_nothing_impossible(text: str) -> None:
    job = need(text)
    assert [one.fact.ja for one in check_route(plan(job), job) if one.verdict is NO] == []


ids = st.lists(st.sampled_from(sorted(p.id for p in processes().values() if not p.heading)), min_size=1, max_size=7)


@settings(deadline=None)
@given(ids, st.sampled_from(["SUS304の", "A5052の", ""]), st.sampled_from(["公差±0.01。検査成績書もほしい。", ""]))
def test_every_route_is_answered_in_full_sentences(steps: list[str], material: str, more: str) -> None:
    job = need(f"{material}部品を10個。{more}")
    found = check_route(route(job, *steps), job)
    keys = {f"s{i + 1}" for i in range(len(steps))}
    order = [NO, ASK, OK]
    assert [order.index(one.verdict) for one in found] == sorted(order.index(one.verdict) for one in found)
    for one in found:
        assert one.fact.ja
        assert one.fact.en
        assert "{" not in one.fact.ja + one.fact.en
        assert set(one.steps) <= keys
        assert one.offer is None or one.offer.behind in keys | {""}

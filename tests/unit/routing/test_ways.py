"""Other ways to do a step, by material, lot, size and tolerance; and what one firm does in one go."""

from datetime import date

import pytest

from matching.routing.plan import plan
from matching.routing.route import Hours, Route, RouteStep
from matching.routing.ways import alternatives, together
from matching.types import Phrase
from matching.understanding.request import read
from matching.vocabulary.processes import processes


def step(process_id: str, text: str) -> RouteStep:
    job = read(text, date(2026, 12, 1))
    return RouteStep("s1", process_id, (), Hours(8, 4, 16), Phrase("", ""), job)


def ways(process_id: str, text: str) -> set[str]:
    one = step(process_id, text)
    return {"+".join(way.process_ids) for way in alternatives(one, one.need)}


@pytest.mark.parametrize(
    ("process_id", "text", "way", "fits"),
    [
        ("milling", "ABSのカバーを3個。", "additive", True),
        ("milling", "ABSのカバーを3個。公差±0.02。", "additive", False),
        ("milling", "A5052のカバーを3個。", "additive", False),
        ("milling", "ABSのカバーを400個。", "additive", False),
        ("additive", "部品を3個。", "machining", True),
        ("vacuum_casting", "ABSのカバーを5000個。", "injection_mould_making+injection_moulding", True),
        ("vacuum_casting", "ABSのカバーを50個。", "injection_mould_making+injection_moulding", False),
        ("tig_welding", "A5052の箱を10個。", "bending", True),
        ("welding", "部品を10個。", "brazing", True),
        ("welding", "SS400の架台。大きさは1200×800×500。", "brazing", False),
        ("bending", "鉄の金具を1000個。", "press_die_making+press_working", True),
        ("hardening", "S45Cの軸。", "induction_hardening", True),
        ("induction_hardening", "S45Cの軸。", "induction_hardening", False),
        ("cmm", "部品。", "additive", False),
    ],
)
def test_which_ways_fit(process_id: str, text: str, way: str, fits: bool) -> None:
    assert (way in ways(process_id, text)) is fits


def test_every_way_leads_to_known_processes_and_says_when_it_fits() -> None:
    for process_id in processes():
        one = step(process_id, "部品。")
        for way in alternatives(one, one.need):
            assert set(way.process_ids) <= processes().keys()
            assert way.why.ja
            assert way.why.en


def test_neighbours_of_one_trade_are_offered_as_one() -> None:
    route = plan(read("A5052の板を曲げて溶接、黒アルマイト。10個。", date(2026, 12, 1)))
    pairs = {(pair.steps, pair.as_process) for pair in together(route)}
    assert (("s1", "s2"), "sheet_metal") in pairs


def test_steps_that_others_wait_for_stay_apart() -> None:
    ids = ("laser_cutting", "bending", "welding")
    after: tuple[tuple[int, ...], ...] = ((), (0,), (0,))
    text = "部品。"
    made = tuple(
        RouteStep(f"s{i}", id_, after[i], Hours(8, 4, 16), Phrase("", ""), step(id_, text).need)
        for i, id_ in enumerate(ids)
    )
    assert together(Route(made)) == ()

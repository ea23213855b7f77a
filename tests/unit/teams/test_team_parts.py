"""The address of what is tried out, taking turns, hours that are short, orders, the map and the days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from backend.teams.cards import _best
from backend.teams.gantt import Line, gantt, wrapped
from backend.teams.legs import JOINT_BODY, REQUESTER, Order, orders
from backend.teams.plan_rules import REST_WEEKS, horizon, rested, short_days, turn_cost, weeks_of
from backend.teams.route_map import HEIGHT, WIDTH, Stop, route_map, ward_centre
from backend.teams.what_if import OrderKind, WhatIf, read_team, what_if, written
from matching.composition.daily import Work

MONDAY = date(2026, 12, 7)
TODAY = date(2026, 12, 1)
IDS = st.from_regex(r"[0-9a-f]{32}", fullmatch=True)
TEAMS = st.dictionaries(st.sampled_from(["s1", "s2", "s3", "s10"]), IDS, max_size=4)


@given(
    st.builds(
        WhatIf,
        due=st.none() | st.dates(TODAY, TODAY + timedelta(900)),
        fixed=TEAMS,
        out=st.lists(IDS, max_size=4, unique=True).map(tuple),
        turn_km=st.sampled_from([0, 2, 5, 10]),
        order=st.sampled_from(list(OrderKind)),
        team=TEAMS,
        was=TEAMS,
        capital_man=st.none() | st.integers(0, 100_000),
        people=st.none() | st.integers(0, 10_000),
        notes=st.just(()),
    )
)
def test_an_address_says_all_that_is_tried_out(wish: WhatIf) -> None:
    query = wish.address("/requests/x/chain").partition("?")[2].partition("#")[0]
    assert what_if(QueryParams(query), TODAY) == wish


@pytest.mark.parametrize(
    "query",
    ["due=soon", "due=2026-11-30", "due=2031-01-01", "capital=many", "people=-1", "people=99999999999", "capital=１２"],
)
def test_what_cannot_be_used_is_said(query: str) -> None:
    wish = what_if(QueryParams(query), TODAY)
    assert len(wish.notes) == 1
    assert wish == WhatIf(notes=wish.notes)


@pytest.mark.parametrize("query", ["turn=3", "turn=x", "order=ring", "out=%00", "fix=s1", "team=..", "fix=", "due="])
def test_what_means_nothing_is_left_out(query: str) -> None:
    assert what_if(QueryParams(query), TODAY) == WhatIf()


def test_a_team_is_written_and_read() -> None:
    assert read_team(written({"s1": "a1", "s2": "b-2"})) == {"s1": "a1", "s2": "b-2"}


def test_dropping_and_taking_back() -> None:
    wish = WhatIf(fixed={"s1": "a", "s2": "b"}).dropping("a", {"s1": "a", "s2": "b"})
    assert (wish.out, wish.fixed, wish.was) == (("a",), {"s2": "b"}, {"s1": "a", "s2": "b"})
    assert wish.taking_back("a").out == ()
    assert wish.letting_go("s2").fixed == {}
    assert not wish.is_open
    assert WhatIf(team={"s1": "a"}).is_open


def test_a_firm_asked_lately_steps_back() -> None:
    assert rested(None, TODAY) == 1.0
    assert rested(TODAY, TODAY) == 0.0
    assert rested(TODAY - timedelta(weeks=REST_WEEKS / 2), TODAY) == pytest.approx(0.5)
    assert rested(TODAY - timedelta(weeks=60), TODAY) == 1.0
    # Five kilometres at 0.1 a kilometre weigh half a point of a fit of 20.
    assert turn_cost(5, 0.1, 20.0) == pytest.approx(0.025)


def test_a_week_with_a_holiday_before_today_has_longer_days() -> None:
    # 23 November 2026 is a Monday and a holiday: four days share the week's hours.
    begin, closed = horizon(date(2026, 11, 24), None)
    work = Work("s1", "F", ((begin, 5.0),))
    assert short_days({"F": ((date(2026, 11, 23), 20.0),)}, closed, {}, [work]) == {}
    more = Work("s1", "F", ((begin, 5.5),))
    assert short_days({"F": ((date(2026, 11, 23), 20.0),)}, closed, {}, [more]) == {("F", begin): pytest.approx(0.5)}


def test_hours_others_took_are_short() -> None:
    works = [Work("s1", "F", ((MONDAY, 3.0),)), Work("s2", "F", ((MONDAY, 1.0),))]
    weeks = {"F": ((MONDAY, 20.0),)}
    assert short_days(weeks, frozenset(), {}, works) == {}
    assert short_days(weeks, frozenset(), {"F": {MONDAY: 0.5}}, works) == {("F", MONDAY): pytest.approx(0.5)}


def test_a_firm_without_a_calendar_has_the_usual_weeks() -> None:
    assert weeks_of(None, date(2026, 12, 9))[0] == (MONDAY, 20.0)
    assert weeks_of([(MONDAY, 3.0)], MONDAY) == ((MONDAY, 3.0),)


def test_who_orders_from_whom() -> None:
    firms, passing = ["a", "b", "c"], [("a", "b"), ("b", "c")]
    assert orders(OrderKind.STAR, "b", firms, passing) == [Order(REQUESTER, "b"), Order("b", "a"), Order("b", "c")]
    assert orders(OrderKind.CHAIN, "c", firms, passing) == [Order(REQUESTER, "c"), Order("c", "b"), Order("b", "a")]
    assert orders(OrderKind.CHAIN, "a", ["a", "z"], []) == [Order(REQUESTER, "a"), Order("a", "z")]
    assert orders(OrderKind.JOINT, "b", firms, passing) == [Order(JOINT_BODY, firm) for firm in firms]


@given(st.lists(st.tuples(st.floats(35.5, 35.9), st.floats(139.3, 139.95)), min_size=1, max_size=8))
def test_every_mark_stands_inside_the_map(places: list[tuple[float, float]]) -> None:
    stops = [Stop(str(i), str(i + 1), "会社の名前", "大田区", *place, i == 0) for i, place in enumerate(places)]
    drawn = route_map(stops, [("0", str(len(stops) - 1))])
    assert drawn is not None
    assert all(0 < mark.x < WIDTH and 0 < mark.y < HEIGHT for mark in drawn.marks)
    assert len(drawn.ways) == (len(stops) > 1)


def test_two_names_do_not_cover_each_other() -> None:
    stops = [
        Stop("a", "1", "株式会社入谷溶断センター", "足立区", 35.79, 139.76, lead=False),
        Stop("b", "2", "高島平筐体工業株式会社", "板橋区", 35.79, 139.66, lead=True),
    ]
    drawn = route_map(stops, [])
    assert drawn is not None
    one, other = drawn.marks
    assert abs(one.text_y - other.text_y) >= 34 or one.end == other.end
    assert route_map([], []) is None


def test_the_middle_of_a_ward_is_known() -> None:
    centre = ward_centre("大田区")
    assert centre is not None
    assert centre[0] == pytest.approx(35.57, abs=0.05)
    assert ward_centre("どこか") is None


def test_the_days_are_drawn_week_by_week() -> None:
    work = Work("s1", "a", tuple((MONDAY + timedelta(n), 4.0) for n in (3, 4, 7)))
    after = Work("s2", "b", ((MONDAY + timedelta(8), 2.0),))
    free = {MONDAY + timedelta(n): 4.0 for n in range(5)}
    told = frozenset({MONDAY, MONDAY + timedelta(weeks=1)})
    lines = [
        Line("切削", "A", lead=False, after=(), work=work, exact=True, free=free, told=told),
        Line("研磨", "B", lead=True, after=(0,), work=after, exact=False, free=free, told=told),
        Line("検査", "C", lead=True, after=(1,), work=after, exact=False, free=None, told=told),
    ]
    drawn = gantt(lines, frozenset({date(2026, 12, 29)}), date(2026, 12, 31))
    assert [bar.label for bar in drawn.rows[0].bars] == ["12h", ""]
    assert drawn.rows[0].free[0].label == "空き20h"
    assert drawn.rows[1].free[0].label == "◎"
    # The second week was told to be full; of the third and after nobody said anything.
    assert [free.label for free in drawn.rows[0].free][1:3] == ["空き0h", "–"]
    assert [free.label for free in drawn.rows[1].free][1:3] == ["×", "–"]
    assert drawn.rows[2].free == ()
    assert drawn.rows[0].days == "12/10–14"
    assert drawn.finish[1] == "12/15"
    assert drawn.due is not None
    assert drawn.new_year is not None
    assert len(drawn.links) == 2
    assert len(drawn.off) == len(drawn.weeks) + 1


def test_names_are_wrapped_before_they_are_cut() -> None:
    assert wrapped("株式会社鵜ノ木クイック製作所") == ("株式会社鵜ノ木クイック", "製作所")
    assert wrapped("Adachi Kogyo Seiki") == ("Adachi Kogyo Seiki",)
    assert wrapped("あ" * 23) == ("あ" * 11, "あ" * 10 + "…")


@pytest.mark.parametrize("due", [date.min, date.max])
def test_nobody_looks_further_than_plans_go(due: date) -> None:
    begin, closed = horizon(TODAY, due)
    assert begin == TODAY
    assert max(closed) < TODAY + timedelta(days=4 * 365)


def test_of_the_weeks_told_those_count_that_a_plan_reaches() -> None:
    told = [(MONDAY + timedelta(weeks=n), 8.0) for n in (-2, -1, 0, 1)] + [(date(9999, 12, 27), 8.0)]
    assert weeks_of(told, MONDAY + timedelta(days=2)) == tuple(told[2:4])
    # A firm that only told of weeks gone by has told: it has no hours, and is not taken to have the usual ones.
    assert weeks_of(told[:2], MONDAY) == ()


def test_figures_that_read_alike_are_starred_alike() -> None:
    near, also, far = ("運ぶ", "約1 km", 0.612), ("運ぶ", "約1 km", 0.98), ("運ぶ", "約4 km", 4.1)
    assert _best([near, also, far]) == {"約1 km"}
    assert _best([near, also]) == frozenset()
    assert _best([("日", "先の空きしだい", None), ("日", "1/7", None)]) == frozenset()

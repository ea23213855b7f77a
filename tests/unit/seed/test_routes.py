"""The seed routes: many, known words only, in order, free of what the rules forbid; and what is counted from them."""

from datetime import date

from matching.routing.check import check_route
from matching.routing.draft import realised
from matching.routing.edit import ordered
from matching.routing.practice import is_step
from matching.types import Verdict
from matching.understanding.request import read
from matching.vocabulary.processes import processes
from seed.learn import TABLE, learned, usual_hours, usual_pairs
from seed.route_loader import draft_of
from seed.routes import SeedRoute, SeedStep, seed_routes


def test_there_are_forty_routes_of_known_operations() -> None:
    routes = seed_routes()
    assert len(routes) >= 40
    assert len({route.product for route in routes}) == len({route.request for route in routes}) == len(routes)
    for route in routes:
        assert len(route.steps) >= 3
        for place, step in enumerate(route.steps):
            assert step.process_id in processes(), route.product
            assert is_step(step.process_id), route.product
            assert step.hours > 0
            assert all(0 <= before < place for before in step.after), route.product


def test_some_have_parallel_parts_that_are_joined() -> None:
    assert sum(any(len(step.after) > 1 for step in route.steps) for route in seed_routes()) >= 8


def test_no_seed_route_breaks_a_rule() -> None:
    for route in seed_routes():
        need = read(route.request, date(2026, 12, 1))
        draft = draft_of(route)
        assert ordered(draft) == draft
        found = check_route(realised(draft, need), need)
        assert [one.fact.ja for one in found if one.verdict is Verdict.NO] == [], route.product


def test_the_learned_table_is_what_the_routes_say_today() -> None:
    assert TABLE.read_text(encoding="utf-8") == learned(seed_routes())


def chain(*steps: tuple[str, float]) -> SeedRoute:
    made = tuple(SeedStep(id_, hours, (i - 1,) if i else ()) for i, (id_, hours) in enumerate(steps))
    return SeedRoute("", "", 10, made)


def test_an_order_is_learned_from_agreement_and_never_from_contradiction() -> None:
    agreeing = [chain(("hobbing", 8), ("cmm", 4))] * 3
    assert ("hobbing", "cmm") in usual_pairs(agreeing)
    assert ("hobbing", "cmm") not in usual_pairs(agreeing[:2])
    assert ("hobbing", "cmm") not in usual_pairs([*agreeing, chain(("cmm", 4), ("hobbing", 8))])


def test_the_middle_of_the_hours_is_learned() -> None:
    routes = [chain(("hobbing", hours)) for hours in (4.0, 9.0, 30.0)]
    assert usual_hours(routes) == {"hobbing": 9.0}
    assert usual_hours(routes[:2]) == {}

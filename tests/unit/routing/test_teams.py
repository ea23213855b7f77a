"""Teams for a route, over firms made up for these tests."""

from datetime import date, timedelta

from matching.api import MatchIndex
from matching.encoders import HashingEncoder
from matching.routing.options import step_options
from matching.routing.plan import plan
from matching.routing.teams import TeamProposal, propose
from matching.types import CapacityWeek, FirmProfile
from matching.understanding.request import read

TODAY = date(2026, 12, 1)
TEXT = "A5052のブラケット100×60×20を10個。マシニングで削り、黒アルマイト、最後にレーザー刻印。"


def weeks(hours: float, count: int = 9) -> tuple[CapacityWeek, ...]:
    return tuple(CapacityWeek(date(2026, 12, 7) + timedelta(weeks=i), hours) for i in range(count))


def firm(
    id_: str, *processes: str, hours: float = 20.0, can_lead: bool | None = None, lot_max: int = 100
) -> FirmProfile:
    return FirmProfile(
        id=id_,
        name=id_,
        lat=35.56,
        lng=139.72,
        processes=processes,
        materials=("アルミ",),
        lot_min=1,
        lot_max=lot_max,
        capacity=weeks(hours),
        can_lead=can_lead,
    )


MILL, ANODISE, MARK = (
    firm("M1", "マシニング加工"),
    firm("A1", "アルマイト", "黒アルマイト"),
    firm("L1", "レーザーマーキング"),
)


def proposal(*firms: FirmProfile, text: str = TEXT, due: date | None = None, k: int = 5) -> TeamProposal:
    need = read(text, TODAY)
    index = MatchIndex.build(firms, HashingEncoder())
    route = plan(need)
    return propose(route, [step_options(index, step) for step in route.steps], TODAY, due, k)


def team(found: TeamProposal, number: int = 0) -> list[str]:
    return [found.teams[number].assignment[step.id] for step in found.steps]


def test_each_step_goes_to_a_firm_that_does_it() -> None:
    found = proposal(MILL, ANODISE, MARK)
    assert team(found) == ["M1", "A1", "L1"]
    assert found.questions == ()
    assert found.optimal


def test_one_firm_may_do_several_steps() -> None:
    found = proposal(MILL, firm("B1", "黒アルマイト", "レーザーマーキング"), ANODISE, MARK)
    assert team(found) == ["M1", "B1", "B1"]


def test_teams_differ_and_come_in_ascending_cost() -> None:
    found = proposal(MILL, firm("M2", "マシニング加工"), ANODISE, firm("A2", "黒アルマイト"), MARK, k=3)
    assert len({tuple(team(found, i)) for i in range(len(found.teams))}) == len(found.teams) == 3
    assert [t.cost for t in found.teams] == sorted(t.cost for t in found.teams)


def test_a_step_nobody_does_is_left_out_with_a_question() -> None:
    found = proposal(MILL, ANODISE)
    assert team(found) == ["M1", "A1"]
    assert len(found.questions) == 1


def test_a_firm_that_is_ruled_out_gives_way() -> None:
    found = proposal(firm("M0", "マシニング加工", lot_max=5), MILL, ANODISE, MARK)
    assert all(t.assignment["s1"] == "M1" for t in found.teams)


def test_a_firm_one_figure_short_is_proposed_where_nobody_else_is() -> None:
    assert team(proposal(firm("M0", "マシニング加工", lot_max=5), ANODISE, MARK))[0] == "M0"


def test_too_few_hours_before_the_date_bring_a_question_instead_of_nothing() -> None:
    found = proposal(MILL, ANODISE, MARK, due=date(2026, 12, 8))
    assert len(found.teams) == 1
    assert found.questions


def test_without_any_free_hours_the_calendar_is_asked_for() -> None:
    found = proposal(firm("M1", "マシニング加工", hours=0.0), ANODISE, MARK)
    assert team(found) == ["M1", "A1", "L1"]
    assert "空き時間" in found.questions[-1].ja


def test_who_leads_is_asked_where_nobody_can() -> None:
    nobody = [firm("M1", "マシニング加工", can_lead=False), firm("A1", "黒アルマイト", can_lead=False)]
    found = proposal(*nobody, firm("L1", "レーザーマーキング", can_lead=False))
    assert len(found.teams) == 1
    assert "まとめる" in found.questions[-1].ja


def test_nobody_at_all_gives_no_team() -> None:
    assert proposal(firm("P1", "印刷")).teams == ()

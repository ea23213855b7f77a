"""The rules of the coordinators' pages as truth tables: the way, the next step, presses, moves on the board, words."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.core.errors import Refused
from backend.introductions import rules, tables
from backend.introductions.cases import rules as case_rules
from backend.introductions.cases.rules import Next
from backend.introductions.states import CaseState as C
from backend.introductions.states import LegState, Party
from backend.introductions.states import OfferState as O

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
CHOOSE = "/choose"


@pytest.mark.parametrize("state", list(C))
def test_every_state_has_one_place_on_the_line(state: C) -> None:
    steps = case_rules.way(state)
    assert [step.label for step in steps if step.place == "here"] == [tables.STATES[state].label]
    places = [step.place for step in steps]
    assert places == sorted(places, key=("done", "here", "ahead").index)
    assert len(steps) == (2 if state in tables.ENDED - {C.CLOSED} else 12)


@pytest.mark.parametrize("state", list(C))
def test_the_next_step_is_a_move_of_the_table_or_a_way(state: C) -> None:
    step = case_rules.next_step(state, CHOOSE)
    if state in tables.ENDED:
        assert step is None
        return
    assert step is not None
    assert step.label == tables.STATES[state].next_step
    assert bool(step.action) != bool(step.href)
    if step.action:
        move = tables.BY_ACTION[step.action]
        assert state in move.sources
        assert Party.COORDINATOR in move.who


def test_candidates_are_chosen_where_the_case_says() -> None:
    assert case_rules.next_step(C.SHORTLISTING, CHOOSE) == Next(tables.STATES[C.SHORTLISTING].next_step, href=CHOOSE)


@pytest.mark.parametrize("state", list(C))
def test_no_move_is_offered_twice_and_none_that_offers_make(state: C) -> None:
    step = case_rules.next_step(state, CHOOSE)
    others = [move.action for move in case_rules.other_moves(state, step)]
    assert len(others) == len(set(others))
    assert not set(others) & {"ask", "order", "introduce", step.action if step else ""}
    assert all(state in tables.BY_ACTION[action].sources for action in others)


@pytest.mark.parametrize("state", list(O))
@pytest.mark.parametrize("leg", list(LegState))
def test_presses_beside_an_offer_are_moves_the_service_takes(state: O, leg: LegState) -> None:
    for move in case_rules.offer_moves(state, leg, asking=True):
        assert state in move.sources
        assert move.action not in {"raise_hand", "conditional", "decline", "introduce_firm", "win", "ask_to_confirm"}
        rules.check_leg_takes(move.action, leg)
    is_open = leg is LegState.OPEN
    assert case_rules.may_answer(state, leg) == (is_open and state in tables.UNDECIDED)
    assert case_rules.may_win(state, leg) == (is_open and state in {O.INTRODUCED, O.QUOTED})
    quiet = case_rules.offer_moves(state, leg, asking=False)
    assert "ask_again" not in {move.action for move in quiet}


@pytest.mark.parametrize("state", [C.INTRODUCED, C.NEGOTIATING])
def test_one_more_firm_is_introduced_later(state: C) -> None:
    shown = case_rules.next_step(state, CHOOSE, agreed=True)
    assert shown is not None
    assert shown.action == "introduce"
    # What the button did before stands among the other moves now.
    assert ("negotiate" in {move.action for move in case_rules.other_moves(state, shown)}) is (state is C.INTRODUCED)


@pytest.mark.parametrize(
    ("action", "party"),
    [
        ("raise_hand", Party.FIRM),
        ("drop_out", Party.FIRM),
        ("take_back", Party.FIRM),
        ("agree_to", Party.CLIENT),
        ("disagree", Party.CLIENT),
        ("cancel", Party.COORDINATOR),
        ("pass_over", Party.COORDINATOR),
        ("quote", Party.COORDINATOR),
    ],
)
def test_for_whom_the_desk_speaks(action: str, party: Party) -> None:
    assert case_rules.party_saying(action) is party
    assert party in tables.OFFER_BY_ACTION[action].who


@pytest.mark.parametrize(
    ("offers", "hole"),
    [
        ([], False),
        ([O.ASKED], False),
        ([O.DECLINED, O.WILLING], False),
        ([O.WON], False),
        ([O.DECLINED], True),
        ([O.SILENT, O.CANCELLED, O.DROPPED_OUT, O.NOT_CHOSEN], True),
    ],
)
def test_a_hole_is_a_leg_that_everybody_left(offers: list[O], hole: bool) -> None:
    assert case_rules.is_hole(offers) is hole


@pytest.mark.parametrize("state", list(C))
@pytest.mark.parametrize("target", list(C))
def test_the_board_moves_what_its_menu_offers_and_nothing_else(state: C, target: C) -> None:
    offered = {move.target for move in case_rules.board_moves(state)}
    if target in offered:
        move = case_rules.check_board_move(state, target)
        assert (move.target, move.needs_reason) == (target, False)
        assert state in move.sources
    else:
        with pytest.raises(Refused):
            case_rules.check_board_move(state, target)


@pytest.mark.parametrize(
    ("over", "words", "age"),
    [
        (timedelta(minutes=5), "いま過ぎた", "1時間未満"),
        (timedelta(hours=3, minutes=59), "3時間超過", "3時間"),
        (timedelta(hours=30), "30時間超過", "30時間"),
        (timedelta(days=2, hours=23), "2日超過", "2日"),
        (timedelta(minutes=-5), "いま過ぎた", "1時間未満"),
    ],
)
def test_how_long_past_in_words(over: timedelta, words: str, age: str) -> None:
    assert case_rules.over_words(NOW - over, NOW) == words
    assert case_rules.age_words(NOW - over, NOW) == age


def test_when_in_words() -> None:
    assert case_rules.moment_words(NOW - timedelta(hours=3), NOW) == "今日 9:00"
    # Midnight in Tokyo parts the days, not that of Greenwich.
    assert case_rules.moment_words(NOW - timedelta(hours=13), NOW) == "昨日 23:00"
    assert case_rules.moment_words(NOW - timedelta(days=10), NOW) == "11/10 12:00"


@pytest.mark.parametrize(("values", "middle"), [([], None), ([3.0], 3.0), ([1.0, 9.0], 5.0), ([9.0, 1.0, 2.0], 2.0)])
def test_the_middle_value(values: list[float], middle: float | None) -> None:
    assert case_rules.median(values) == middle


@pytest.mark.parametrize(
    ("due", "days", "first"),
    [
        # A Monday: the working day before is the Friday.
        (datetime(2026, 12, 7, 8, tzinfo=UTC), 1, datetime(2026, 12, 4, 8, tzinfo=UTC)),
        (datetime(2027, 1, 5, 8, tzinfo=UTC), 2, datetime(2026, 12, 28, 8, tzinfo=UTC)),
        (datetime(2026, 12, 9, 8, tzinfo=UTC), 0, datetime(2026, 12, 9, 8, tzinfo=UTC)),
    ],
)
def test_reminders_go_out_working_days_ahead(due: datetime, days: int, first: datetime) -> None:
    assert rules.is_within(due, days, first)
    assert not rules.is_within(due, days, first - timedelta(minutes=1))

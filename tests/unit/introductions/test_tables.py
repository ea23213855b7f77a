"""The workflow as a table: no dead ends, no move without words, and nothing that follows by itself is refused."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.errors import Refused
from backend.introductions import diagram, letters, rules, tables
from backend.introductions.api.forms import CaseMove
from backend.introductions.states import CaseState, LegState, OfferState, Party
from backend.introductions.tables import AGREED_ON, LEG_MOVES, OFFER_MOVES, READY, STATES, TRANSITIONS

OFFERS = st.frozensets(st.sampled_from(list(OfferState)), max_size=4)


def _reached(moves: Iterable[tuple[Iterable[str], str]], start: str) -> set[str]:
    """Every state that some way leads to."""
    pairs = [(source, target) for sources, target in moves for source in sources]
    there = {start}
    while more := {target for source, target in pairs if source in there} - there:
        there |= more
    return there


def test_every_state_of_a_case_is_reached_and_left() -> None:
    moves = [(t.sources, t.target) for t in TRANSITIONS]
    assert _reached(moves, CaseState.RECEIVED) == set(CaseState)
    left = {source for sources, _target in moves for source in sources}
    assert left == set(CaseState)


def test_every_state_of_offers_and_legs_is_reached() -> None:
    assert _reached([(m.sources, m.target) for m in OFFER_MOVES], OfferState.ASKED) == set(OfferState)
    assert _reached([(s, t) for s, t, _label in LEG_MOVES.values()], LegState.FILLED) == set(LegState) - {LegState.OPEN}


def test_every_state_says_who_is_waited_for() -> None:
    assert set(STATES) == set(CaseState)
    for state, rule in STATES.items():
        assert (rule.days is None) == (state in tables.ENDED), state
        assert bool(rule.next_step) == (state not in tables.ENDED), state
        if rule.lapse:
            assert rules.may_move(rule.lapse, state, Party.SYSTEM), state


def test_actions_have_one_name_each() -> None:
    actions = [t.action for t in TRANSITIONS] + [m.action for m in OFFER_MOVES] + list(LEG_MOVES)
    assert len(actions) == len(set(actions))
    assert set(actions) <= set(tables.LABELS)


def test_every_mail_of_the_tables_is_known() -> None:
    named = {event for t in TRANSITIONS for event, _party in t.mails}
    named |= {event for m in (*OFFER_MOVES, tables.ASKING_MAIL) for event, _party in m.mails}
    assert named <= set(letters.MAILS)


@given(st.sampled_from(list(CaseState)), st.lists(OFFERS, min_size=1, max_size=4))
def test_what_follows_from_offers_is_always_allowed(state: CaseState, legs: list[frozenset[OfferState]]) -> None:
    action = rules.wanted_move(state, legs)
    if action is None:
        return
    party = Party.FIRM if action == "order" else Party.SYSTEM
    target = rules.check_move(action, state, party).target
    # Once there, nothing further follows from the same offers: no going to and fro.
    assert target in {CaseState.SHORTLISTING, CaseState.ORDERED} or rules.wanted_move(target, legs) is None


@given(st.lists(OFFERS, min_size=1, max_size=4))
def test_a_case_is_agreed_only_when_each_leg_is(legs: list[frozenset[OfferState]]) -> None:
    action = rules.wanted_move(CaseState.ASKING, legs)
    assert (action == "agree") == all(leg & AGREED_ON for leg in legs)
    if action == "answers":
        assert all(leg & (READY | AGREED_ON) for leg in legs)


@given(st.sampled_from(list(CaseState)), st.lists(st.sampled_from(list(LegState)), min_size=1, max_size=4))
def test_what_follows_from_legs_is_always_allowed(state: CaseState, legs: list[LegState]) -> None:
    action = rules.wanted_by_legs(state, legs)
    if action is not None:
        party = Party.SYSTEM if action in {"rework", "unstart"} else Party.FIRM
        target = rules.check_move(action, state, party).target
        # What is begun everywhere may be delivered everywhere; then nothing more follows.
        assert target is CaseState.MAKING or rules.wanted_by_legs(target, legs) is None


@pytest.mark.parametrize("state", list(CaseState))
@pytest.mark.parametrize("party", list(Party))
def test_may_and_check_say_the_same(state: CaseState, party: Party) -> None:
    for transition in TRANSITIONS:
        if rules.may_move(transition.action, state, party):
            assert rules.check_move(transition.action, state, party) is transition
            assert transition in rules.moves_for(state, party)
        else:
            with pytest.raises(Refused):
                rules.check_move(transition.action, state, party)


def test_no_client_and_no_firm_moves_what_belongs_to_the_coordinator() -> None:
    for action in ("clear", "introduce", "close", "lose", "expire"):
        for party in (Party.CLIENT, Party.FIRM):
            assert not any(rules.may_move(action, state, party) for state in CaseState)


def test_the_page_of_the_reference_is_drawn_from_the_tables() -> None:
    page = diagram.PAGE.read_text(encoding="utf-8")
    assert page == diagram.drawn(), "run: python -m backend.introductions.diagram"


@pytest.mark.parametrize(
    ("leg", "asked", "word"),
    [
        (LegState.OPEN, [], "工場さがし"),
        (LegState.OPEN, [OfferState.DECLINED, OfferState.SILENT], "工場さがし"),
        (LegState.OPEN, [OfferState.DECLINED, OfferState.ASKED], "打診中"),
        (LegState.OPEN, [OfferState.ASKED, OfferState.CONDITIONAL], "意向確認"),
        (LegState.OPEN, [OfferState.WILLING, OfferState.AGREED], "双方承諾"),
        (LegState.OPEN, [OfferState.ASKED, OfferState.INTRODUCED], "紹介済み"),
        (LegState.OPEN, [OfferState.QUOTED, OfferState.INTRODUCED], "見積・商談"),
        (LegState.MAKING, [OfferState.WON], "製作中"),
    ],
)
def test_a_leg_is_called_by_how_far_it_has_come(leg: LegState, asked: list[OfferState], word: str) -> None:
    assert rules.leg_label(leg, asked) == word


def test_programs_may_do_what_people_may_and_what_no_offer_brings_about() -> None:
    people = {Party.COORDINATOR, Party.CLIENT, Party.FIRM}
    of_people = {move.action for move in tables.TRANSITIONS if move.who & people}
    assert set(CaseMove) == of_people - {"ask", "order"}

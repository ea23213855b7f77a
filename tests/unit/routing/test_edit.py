"""Edits of a route: what each does, what each refuses, and what holds after any of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.routing import edit
from matching.routing.draft import Draft, DraftStep, Origin, Wishes, draft_of, realised
from matching.routing.edit import EditError
from matching.routing.plan import plan
from matching.routing.route import Hours
from matching.types import Phrase, ProcessMention
from matching.understanding.request import read

TODAY = date(2026, 12, 1)
NEED = read("A5052の板を曲げて溶接し、黒アルマイト。10個。公差±0.05。", TODAY)
WHY = Phrase("なぜ", "why")
PROCESSES = ("laser_cutting", "bending", "welding", "milling", "black_anodising", "assembly", "cmm")


def step(key: str, process_id: str, *after: str, hours: float = 8.0, also: tuple[str, ...] = ()) -> DraftStep:
    return DraftStep(key, process_id, after, Hours(hours, hours / 2, hours * 2), Origin.TOLD, WHY, also=also)


CHAIN: Draft = (step("s1", "laser_cutting"), step("s2", "bending", "s1"), step("s3", "welding", "s2"))
STAR: Draft = (step("s1", "turning"), step("s2", "milling"), step("s3", "assembly", "s1", "s2"))


def shape(draft: Draft) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.key, one.after) for one in draft]


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (edit.add(CHAIN, NEED, "straightening", "s3"), "s1 s2<s1 s3<s2 s4<s3"),
        (edit.add(CHAIN, NEED, "straightening", "s1"), "s1 s4<s1 s2<s4 s3<s2"),
        (edit.add(CHAIN, NEED, "cad_design"), "s4 s1<s4 s2<s1 s3<s2"),
        (edit.add((), NEED, "bending"), "s1"),
        (edit.remove(CHAIN, "s2"), "s1 s3<s1"),
        (edit.remove(STAR, "s3"), "s1 s2"),
        (edit.remove(STAR, "s1"), "s2 s3<s2"),
        (edit.earlier(CHAIN, "s3"), "s1 s3<s1 s2<s3"),
        (edit.earlier(CHAIN, "s2"), "s2 s1<s2 s3<s1"),
        (edit.later(CHAIN, "s2"), "s1 s3<s1 s2<s3"),
        (edit.later(STAR, "s1"), "s2 s1 s3<s1,s2"),
        (edit.split(CHAIN, "s2"), "s1 s2<s1 s4<s2 s3<s4"),
        (edit.merge(CHAIN, "s1", "s2"), "s1 s3<s1"),
        (edit.merge(CHAIN, "s2", "s1"), "s1 s3<s1"),
        (edit.merge(STAR, "s1", "s2"), "s1 s3<s1"),
        (edit.exchange(CHAIN, NEED, "s3", ("bonding",), WHY), "s1 s2<s1 s3<s2"),
        (edit.exchange(CHAIN, NEED, "s2", ("press_die_making", "press_working"), WHY), "s1 s2<s1 s4<s2 s3<s4"),
    ],
)
def test_what_an_edit_makes_of_a_route(made: Draft, wanted: str) -> None:
    said = " ".join(key + ("<" + ",".join(sorted(after)) if after else "") for key, after in shape(made))
    assert said == wanted


def test_an_added_step_brings_hours_and_the_job_as_far_as_it_concerns_it() -> None:
    draft = edit.add(draft_of(plan(NEED)), NEED, "assembly", "s3")
    added = next(one for one in draft if one.process_id == "assembly")
    assert added.origin is Origin.ADDED
    assert added.hours.low < added.hours.likely < added.hours.high
    need = next(one.need for one in realised(draft, NEED).steps if one.process_id == "assembly")
    assert need.material is None
    assert need.quantity == NEED.quantity


def test_merging_adds_the_hours_and_keeps_both_processes() -> None:
    [first, _third] = edit.merge(CHAIN, "s1", "s2")
    assert first.process_ids == ("laser_cutting", "bending")
    assert first.hours == Hours(16, 8, 32)


def test_merging_into_one_trade_names_that_trade() -> None:
    assert edit.merge(CHAIN, "s1", "s2", "sheet_metal")[0].process_ids == ("sheet_metal",)


def test_splitting_takes_merged_processes_apart_again() -> None:
    draft = edit.split(edit.merge(CHAIN, "s1", "s2"), "s1")
    assert [one.process_ids for one in draft] == [("laser_cutting",), ("bending",), ("welding",)]
    assert draft[0].hours.likely + draft[1].hours.likely == pytest.approx(16)


def test_a_merged_step_asks_for_both_processes_and_the_closest_told_need() -> None:
    draft = draft_of(plan(NEED))
    merged = edit.merge(draft, draft[0].key, draft[1].key)
    need = realised(merged, NEED).steps[0].need
    assert [mention.process_id for mention in need.processes] == ["laser_cutting", "bending"]
    assert need.material is not None


def test_the_wishes_of_a_step_go_before_what_the_request_says() -> None:
    wishes = Wishes("SUS304", (100.0, 50.0), 0.01, ("ISO9001",))
    draft = edit.revise(draft_of(plan(NEED)), "s2", lambda one: replace(one, wishes=wishes))
    need = realised(draft, NEED).steps[1].need
    assert need.material is not None
    assert need.tolerance_mm is not None
    assert (need.material.value, need.tolerance_mm.value) == ("SUS304", 0.01)


def test_an_unedited_draft_is_the_planned_route() -> None:
    route = plan(NEED)
    again = realised(draft_of(route), NEED)
    assert [(s.id, s.process_id, s.after, s.hours, s.need) for s in again.steps] == [
        (s.id, s.process_id, s.after, s.hours, s.need) for s in route.steps
    ]


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda: edit.find(CHAIN, "s9"), "もう道順にありません"),
        (lambda: edit.add(CHAIN, NEED, "electronics", "s1"), "言葉の一覧にありません"),
        (lambda: edit.add(CHAIN, NEED, "unknown", "s1"), "言葉の一覧にありません"),
        (lambda: edit.add(CHAIN, NEED, "bending", "s9"), "もう道順にありません"),
        (lambda: edit.remove(CHAIN[:1], "s1"), "最後の工程は消せません"),
        (lambda: edit.earlier(CHAIN, "s1"), "もう先頭です"),
        (lambda: edit.later(CHAIN, "s3"), "もう最後です"),
        (lambda: edit.merge(CHAIN, "s1", "s3"), "輪になって"),
        (lambda: edit.revise(CHAIN, "s1", lambda one: replace(one, after=("s3",))), "輪になって"),
        (lambda: edit.revise(CHAIN, "s1", lambda one: replace(one, after=("s1",))), "輪になって"),
        (lambda: edit.revise(CHAIN, "s1", lambda one: replace(one, after=("s9",))), "道順にない工程"),
        (lambda: edit.split(tuple(step(f"s{i}", "bending") for i in range(30)), "s1"), "工程は30まで"),
        (lambda: edit.add(tuple(step(f"s{i}", "bending") for i in range(30)), NEED, "welding"), "工程は30まで"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_sentence(attempt: Callable[[], object], words: str) -> None:
    with pytest.raises(EditError) as refused:
        attempt()
    assert words in refused.value.phrase.ja
    assert refused.value.phrase.en


edits = st.lists(
    st.tuples(
        st.sampled_from(("add", "remove", "earlier", "later", "split", "merge", "exchange")),
        st.integers(0, 12),
        st.integers(0, 12),
        st.sampled_from(PROCESSES),
    ),
    max_size=12,
)


def _try(draft: Draft, what: str, i: int, j: int, process_id: str) -> Draft:
    key, other = draft[i % len(draft)].key, draft[j % len(draft)].key
    attempts: dict[str, Callable[[], Draft]] = {
        "add": lambda: edit.add(draft, NEED, process_id, key),
        "remove": lambda: edit.remove(draft, key),
        "earlier": lambda: edit.earlier(draft, key),
        "later": lambda: edit.later(draft, key),
        "split": lambda: edit.split(draft, key),
        "merge": lambda: edit.merge(draft, key, other) if key != other else draft,
        "exchange": lambda: edit.exchange(draft, NEED, key, (process_id,), WHY),
    }
    try:
        return attempts[what]()
    except EditError:
        return draft


@given(edits)
def test_any_edits_leave_a_route_that_can_be_done(presses: list[tuple[str, int, int, str]]) -> None:
    draft: Draft = STAR
    for what, i, j, process_id in presses:
        draft = _try(draft, what, i, j, process_id)
    keys = [one.key for one in draft]
    assert draft
    assert len(set(keys)) == len(keys)
    for place, one in enumerate(draft):
        assert set(one.after) <= set(keys[:place])
        assert one.hours.low <= one.hours.likely <= one.hours.high


@given(st.integers(0, 2))
def test_moving_there_and_back_changes_nothing(place: int) -> None:
    key = CHAIN[place].key
    if place:
        assert shape(edit.later(edit.earlier(CHAIN, key), key)) == shape(CHAIN)
    if place < 2:
        assert shape(edit.earlier(edit.later(CHAIN, key), key)) == shape(CHAIN)


def test_what_a_person_put_right_is_explained_as_theirs() -> None:
    """Before and after any edit: nothing in the text tells of it, but it is no guess from the product either."""
    named = tuple(ProcessMention(id_, order=i) for i, id_ in enumerate(("milling", "painting")))
    need = replace(read("A5052の小物を10個。", TODAY), processes=named)
    route = plan(need)
    assert [step.reason.ja for step in route.steps] == ["ご指定の工程"] * 2
    draft = edit.later(draft_of(route), "s1")
    assert {one.origin for one in draft} == {Origin.ADDED}
    assert {one.reason.ja for one in draft} == {"ご指定の工程"}
    assert not any(step.inferred for step in realised(draft, need).steps)

"""The façade: build, find, change, save and load; the same answers however the index came about."""

from dataclasses import replace
from pathlib import Path

import pytest

from matching.api import MOST_LOOKED_AT, MatchIndex
from matching.encoders import HashingEncoder
from matching.types import Equipment, FirmProfile, ProcessMention, Verdict
from tests.unit.scoring.examples import firm, need

WIRE = firm(
    "ワイヤーカット専門。",
    id="W1",
    processes=("ワイヤーカット",),
    equipment=(Equipment("ワイヤ放電加工機", envelope_mm=(550, 350, 300)),),
    materials=("SKD11",),
)
MILL = firm("アルミの試作、1個から。", id="M1")
PLATER = firm("アルマイトだけ。", id="P1", processes=("アルマイト",), equipment=(), materials=("A5052",))
FIRMS = (MILL, WIRE, PLATER)


@pytest.fixture
def index() -> MatchIndex:
    return MatchIndex.build(FIRMS, HashingEncoder())


def test_the_right_trade_comes_first_and_the_ruled_out_last(index: MatchIndex) -> None:
    found = index.find(need("SKD11をワイヤーで", "wire_edm", material="SKD11", quantity=4))
    assert found[0].firm_id == "W1"
    assert [c.verdict for c in found] == [Verdict.OK, Verdict.NO, Verdict.NO]
    assert found[0].reasons
    assert all(c.score <= 1.0 for c in found)


def test_top_limits_the_answer(index: MatchIndex) -> None:
    assert len(index.find(need("箱", "milling"), top=1)) == 1


def test_a_changed_firm_is_seen_by_the_next_question(index: MatchIndex) -> None:
    wanted = need("箱", "milling", quantity=500)
    assert index.find(wanted)[0].verdict is Verdict.NO
    index.upsert(replace(MILL, lot_max=1000))
    assert index.find(wanted)[0].verdict is Verdict.OK
    assert index.offer("M1").firm.lot_max == 1000
    index.remove("M1")
    assert "M1" not in {c.firm_id for c in index.find(wanted)}
    assert len(index) == 2


def test_an_index_from_disk_answers_the_same(index: MatchIndex, tmp_path: Path) -> None:
    index.save(tmp_path)
    again = MatchIndex.load(tmp_path, FIRMS, HashingEncoder())
    wanted = need("アルミの箱", "milling", material="A5052")
    assert again.find(wanted) == index.find(wanted)


def test_a_job_nobody_does_alone_names_its_steps(index: MatchIndex) -> None:
    answer = index.answer(need("削ってアルマイト", "milling", "anodising", material="A5052"))
    assert answer.steps == ("milling", "anodising")
    assert {c.firm_id: c.verdict for c in answer.candidates}["M1"] is Verdict.UNKNOWN
    assert index.answer(need("削る", "milling")).steps == ()


def test_a_step_is_asked_of_the_firms_that_do_it_only(index: MatchIndex) -> None:
    wanted = need("アルマイト", "anodising", material="A5052")
    assert [c.firm_id for c in index.find_able(wanted)] == ["P1"]
    everybody = {c.firm_id: c for c in index.find(wanted)}
    assert index.find_able(wanted) == [everybody["P1"]]
    assert index.find_able(need("めっき", "plating")) == []


def test_a_guess_nobody_meets_leaves_the_way_open(index: MatchIndex) -> None:
    guessed = replace(need("銀の飾り"), processes=(ProcessMention("lost_wax", implied=True),))
    assert {c.verdict for c in index.find(guessed)} == {Verdict.UNKNOWN}


def test_nothing_known_of_a_firm_is_asked_and_never_taken_for_granted(index: MatchIndex) -> None:
    index.upsert(FirmProfile(id="E1", name="空白"))
    wanted = need("箱", "milling", material="A5052", quantity=3, tolerance_mm=0.1, size_mm=(10.0, 9.0, 8.0))
    (empty,) = [c for c in index.find(wanted) if c.firm_id == "E1"]
    assert empty.verdict is Verdict.NO
    open_points = {c.aspect for c in empty.checks if c.verdict is Verdict.UNKNOWN}
    assert {"material", "quantity", "tolerance", "size"} <= open_points


def test_an_empty_index_finds_nobody() -> None:
    assert MatchIndex.build((), HashingEncoder()).find(need("箱", "milling")) == []


def test_among_many_firms_the_few_that_fit_are_found() -> None:
    crowd = [firm("削ります。", id=f"C{n}", lot_min=1000, lot_max=5000) for n in range(MOST_LOOKED_AT + 50)]
    index = MatchIndex.build([*crowd, MILL, WIRE], HashingEncoder())
    found = index.find(need("箱を削る", "milling", quantity=5, material="A5052", size_mm=(100.0, 90.0, 80.0)), top=5)
    assert found[0].firm_id == "M1"
    assert found[0].verdict is Verdict.OK
    index.upsert(replace(WIRE, id="W2"))
    assert index.find(need("ワイヤー", "wire_edm", material="SKD11"), top=2)[1].firm_id == "W2"


def test_a_public_facility_answers_who_wants_to_use_the_machine(index: MatchIndex) -> None:
    room = firm("測定室。", id="L1", processes=("三次元測定",), materials=("金属全般",), public_facility=True)
    index.upsert(room)
    found = index.find(need("機械を借りて自分で測りたい", "measuring"))
    assert found[0].firm_id == "L1"
    assert any(check.aspect == "public_facility" for check in found[0].checks)


def test_the_search_index_underneath_holds_the_same_firms(index: MatchIndex) -> None:
    assert set(index.retrieval.firm_ids) == {"M1", "W1", "P1"}

"""Who can do an operation: in house, likely, passed on, absent or refused, and what that means for a whole job."""

from dataclasses import replace
from typing import Any

import pytest

from matching.scoring.demand import read_demand
from matching.scoring.process import (
    Standing,
    coverage,
    is_shared,
    may_hold,
    process_checks,
    process_fits,
    to_arrange,
)
from matching.types import Candidate, Equipment, ProcessMention, Verdict
from matching.understanding.firm import read_firm
from matching.vocabulary.processes import processes
from seed.generator import generate_firms
from tests.unit.scoring.examples import demand, need, offer


def standing(process_id: str, text: str = "", **fields: object) -> Standing:
    (fit,) = process_fits(demand("依頼", process_id), offer(text, **fields))
    return fit.standing


@pytest.mark.parametrize(
    ("process_id", "expected"),
    [
        ("milling", Standing.IN_HOUSE),
        ("machining", Standing.IN_HOUSE),
        ("milling_5axis", Standing.ABSENT),
        ("wire_edm", Standing.ABSENT),
    ],
)
def test_a_three_axis_shop(process_id: str, expected: Standing) -> None:
    assert standing(process_id) is expected


def test_a_machine_without_a_listed_process_is_asked_about() -> None:
    machines = (Equipment("ワイヤ放電加工機"), Equipment("立形マシニングセンタ"))
    assert standing("wire_edm", equipment=machines) is Standing.LIKELY


def test_the_own_measuring_machine_is_no_service() -> None:
    assert standing("cmm", equipment=(Equipment("三次元測定機"),)) is Standing.ABSENT


def test_a_generic_word_without_a_machine_list_is_asked_about() -> None:
    assert standing("milling_5axis", equipment=()) is Standing.LIKELY


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("曲げと溶接はしません。", Standing.REFUSED),
        ("タップと面取りはできますが、曲げと溶接はしません。", Standing.REFUSED),
        ("溶接は協力先で。", Standing.PASSED_ON),
        ("塗装、溶接、めっきは近所に外注します。", Standing.PASSED_ON),
        ("溶接で断ったことがありません。", Standing.IN_HOUSE),
    ],
)
def test_what_the_owner_says_about_welding(text: str, expected: Standing) -> None:
    listed = ("溶接",) if expected is Standing.IN_HOUSE else ("板金加工",)
    assert standing("welding", text, processes=listed, equipment=()) is expected


def test_a_refused_pair_leaves_other_materials_open() -> None:
    shop = offer("アルミのろう付けは未対応です。", processes=("真空ろう付け",), materials=("C1020", "SUS304"))
    (aluminium,) = process_fits(demand("ろう付け", "brazing", material="A5052"), shop)
    (copper,) = process_fits(demand("ろう付け", "brazing", material="C1020"), shop)
    assert aluminium.standing is Standing.REFUSED
    assert copper.standing is Standing.IN_HOUSE


def test_what_serves_own_parts_only_needs_the_part_made_here_too() -> None:
    forge = offer("焼ならし・調質は社内の炉で（自社で打った品のみ）。", processes=("熱間鍛造", "調質"), equipment=())
    (alone,) = process_fits(demand("調質", "quench_temper"), forge)
    both = process_fits(demand("鍛造と調質", "hot_forging", "quench_temper"), forge)
    assert alone.standing is Standing.REFUSED
    assert [fit.standing for fit in both] == [Standing.IN_HOUSE, Standing.IN_HOUSE]


def test_a_one_feature_shop_is_no_answer_to_a_request_for_the_trade() -> None:
    drills: dict[str, Any] = {"processes": ("ガンドリル加工",), "equipment": ()}
    wanted = demand("箱を削る", "machining", size_mm=(100.0, 80.0, 40.0))
    assert process_fits(wanted, offer(**drills))[0].standing is Standing.ABSENT
    assert standing("deep_hole_drilling", **drills) is Standing.IN_HOUSE


def verdicts(*processes: str, arranged: tuple[str, ...] = ()) -> list[Verdict]:
    fits = process_fits(demand("依頼", *processes), offer())
    return [check.verdict for check in process_checks(fits, frozenset(arranged))]


def test_a_missing_part_rules_out_unless_it_has_to_be_arranged() -> None:
    assert verdicts("milling", "wire_edm") == [Verdict.OK, Verdict.NO]
    assert verdicts("milling", "wire_edm", arranged=("wire_edm",)) == [Verdict.OK, Verdict.UNKNOWN]
    assert verdicts("wire_edm", "coil_spring", arranged=("wire_edm", "coil_spring")) == [Verdict.NO, Verdict.NO]


def test_minor_features_go_without_saying() -> None:
    assert verdicts("milling", "tapping", "deburring") == [Verdict.OK]


def test_what_goes_out_can_be_arranged_and_is_asked_about() -> None:
    fits = process_fits(demand("依頼", "milling", "anodising"), offer("アルマイトは外注します。"))
    check = process_checks(fits, frozenset({"anodising"}))[1]
    assert check.verdict is Verdict.UNKNOWN
    assert check.question is not None
    assert "外注" in check.fact.ja


def test_all_that_has_to_be_arranged_is_one_question() -> None:
    fits = process_fits(demand("依頼", "milling", "wire_edm", "coil_spring"), offer())
    checks = process_checks(fits, frozenset({"wire_edm", "coil_spring"}))
    questions = Candidate("f", 1.0, Verdict.UNKNOWN, checks).questions
    assert [question.ja for question in questions] == ["ワイヤ放電加工・コイルばねは、協力先への手配まで頼めますか。"]
    assert [question.en for question in questions] == ["Can you arrange wire EDM and coil springs through a partner?"]


def test_coverage_is_weighted_by_what_matters() -> None:
    shop = offer()
    whole = coverage(process_fits(demand("依頼", "milling"), shop))
    part = coverage(process_fits(demand("依頼", "milling", "wire_edm"), shop))
    assert whole == pytest.approx(1.0)
    assert part == pytest.approx(0.5)
    assert coverage(()) == 0.0


def test_a_guessed_side_asks_nothing() -> None:

    guessed = replace(need(), processes=(ProcessMention("milling"), ProcessMention("design", order=1, implied=True)))
    fits = process_fits(read_demand(guessed), offer())
    assert [check.verdict for check in process_checks(fits)] == [Verdict.OK]


def test_a_job_is_shared_when_nobody_holds_its_whole_core() -> None:
    wanted = demand("依頼", "milling", "anodising")
    miller, plater = process_fits(wanted, offer()), process_fits(wanted, offer(processes=("アルマイト",), equipment=()))
    both = process_fits(wanted, offer(processes=("マシニング加工", "アルマイト"), equipment=()))
    assert is_shared([miller, plater])
    assert to_arrange([miller, plater]) == {"milling", "anodising"}
    assert not is_shared([miller, plater, both])
    assert to_arrange([miller, plater, both]) == frozenset()
    assert not is_shared([])
    assert to_arrange([]) == frozenset()


def test_a_side_is_arranged_only_when_no_maker_offers_it() -> None:
    wanted = demand("依頼", "tig_welding", "leak_test")
    welder = process_fits(wanted, offer(processes=("TIG溶接",), equipment=()))
    tester = process_fits(wanted, offer(processes=("リークテスト",), equipment=()))
    both = process_fits(wanted, offer(processes=("TIG溶接", "リークテスト"), equipment=()))
    assert to_arrange([welder, tester]) == {"leak_test"}
    assert to_arrange([welder, tester, both]) == frozenset()
    assert [c.verdict for c in process_checks(welder)] == [Verdict.OK, Verdict.NO]
    assert [c.verdict for c in process_checks(welder, frozenset({"leak_test"}))] == [Verdict.OK, Verdict.UNKNOWN]


def test_a_hunch_from_the_shape_asks_and_never_rules_out() -> None:
    hunch = replace(need(), processes=(ProcessMention("wire_edm", implied=True),))
    (check,) = process_checks(process_fits(read_demand(hunch), offer()))
    assert check.verdict is Verdict.UNKNOWN


def test_a_likely_process_brings_its_question() -> None:
    owner = offer(equipment=(Equipment("ワイヤ放電加工機"), Equipment("立形マシニングセンタ")))
    generic = offer(equipment=())
    for shop, wanted in ((owner, "wire_edm"), (generic, "milling_5axis")):
        (check,) = process_checks(process_fits(demand("依頼", wanted), shop))
        assert check.verdict is Verdict.UNKNOWN
        assert check.question is not None


def test_a_refused_core_is_an_exclusion_in_the_owners_words() -> None:
    (check,) = process_checks(
        process_fits(demand("溶接", "welding"), offer("溶接はしません。", processes=("板金加工",), equipment=()))
    )
    assert check.verdict is Verdict.NO
    assert "溶接はしません" in check.fact.ja


@pytest.mark.parametrize("words", ["依頼", "丸棒 φ30×120", "板 200×100×2 mm"])
def test_the_quick_look_is_never_stricter(words: str) -> None:
    offers = [read_firm(firm) for firm in generate_firms(40, seed=7)]
    for process_id in processes():
        wanted = demand(words, process_id)
        passed = [one for one in offers if may_hold(wanted, one)]
        held = [one for one in offers if any(fit.held for fit in process_fits(wanted, one))]
        assert [one.firm.id for one in held if one not in passed] == []
        assert len(passed) < len(offers)

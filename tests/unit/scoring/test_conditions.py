"""Each condition as a truth table: the verdict, and the fact or question that a person hears."""

from datetime import date

import pytest

from matching.scoring.calendar import due_check
from matching.scoring.demand import Demand
from matching.scoring.limits import certification_check, measure_checks, quantity_check, tolerance_check
from matching.scoring.material import material_check
from matching.scoring.size import best_room
from matching.scoring.size import size_check as size_check_in
from matching.types import Check, Equipment, Verdict
from matching.understanding.offer import Offer
from tests.unit.scoring.examples import demand, offer, weeks

OK, ASK, NO = Verdict.OK, Verdict.UNKNOWN, Verdict.NO
LATHE = (Equipment("NC旋盤", envelope_mm=(65, 65, 150)),)
LASER = (Equipment("レーザー加工機", envelope_mm=(3000, 1500, 12)),)


def size_check(wanted: Demand, shop: Offer) -> Check | None:
    return size_check_in(wanted, shop, best_room(wanted, shop))


def verdict(check: Check | None) -> Verdict | None:
    if check is not None:
        assert check.fact.ja
        assert check.fact.en
        assert (check.question is not None) == (check.verdict is ASK)
    return check.verdict if check else None


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((400, 600, 350), OK),
        ((350, 600, 400), OK),
        ((601, 100, 100), OK),
        ((620, 100, 100), NO),
        ((500, 400, 360), NO),
        ((500, 420), NO),
        ((500, 390), OK),
    ],
)
def test_a_part_may_be_turned_but_must_fit(size: tuple[float, ...], expected: Verdict) -> None:
    assert verdict(size_check(demand("箱", "milling", size_mm=size), offer())) is expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [((60, 60, 140), OK), ((70, 70, 30), NO), ((30, 30, 160), NO), ((40, 40, 100), OK), ((60, 50, 100), NO)],
)
def test_a_lathe_takes_a_diameter_and_a_length(size: tuple[float, ...], expected: Verdict) -> None:
    shop = offer(processes=("NC旋盤加工",), equipment=LATHE)
    assert verdict(size_check(demand("軸", "turning", size_mm=size), shop)) is expected


@pytest.mark.parametrize(("thickness", "expected"), [(12, OK), (16, NO)])
def test_a_cutting_table_takes_a_thickness(thickness: float, expected: Verdict) -> None:
    shop = offer(processes=("レーザー切断",), equipment=LASER)
    wanted = demand(f"板厚{thickness}mmの板", "laser_cutting", size_mm=(1000.0, 800.0, float(thickness)))
    assert verdict(size_check(wanted, shop)) is expected


def test_the_measuring_machine_does_not_decide_what_fits() -> None:
    machines = (
        Equipment("立形マシニングセンタ", envelope_mm=(300, 200, 100)),
        Equipment("三次元測定機", envelope_mm=(900, 900, 600)),
    )
    assert verdict(size_check(demand("箱", "milling", size_mm=(500, 300, 200)), offer(equipment=machines))) is NO


def test_a_size_nobody_recorded_is_asked_for() -> None:
    assert verdict(size_check(demand("箱", "milling", size_mm=(500, 300, 200)), offer(equipment=()))) is ASK


def test_a_size_in_the_owners_words_counts_when_no_machine_has_one() -> None:
    shop = offer("400×300×300まで加工します。", equipment=())
    assert verdict(size_check(demand("箱", "milling", size_mm=(500, 300, 200)), shop)) is NO
    assert verdict(size_check(demand("箱", "milling", size_mm=(390, 300, 200)), shop)) is OK


def test_small_parts_are_declined_where_the_owner_says_so() -> None:
    shop = offer("手に乗るような小さい部品は段取り負けするので、他社さんをご紹介しています。")
    assert verdict(size_check(demand("箱", "milling", size_mm=(80, 60, 20)), shop)) is NO
    assert verdict(size_check(demand("箱", "milling", size_mm=(500, 300, 200)), shop)) is OK


@pytest.mark.parametrize(("wanted", "expected"), [(0.05, OK), (0.02, OK), (0.01, NO)])
def test_tolerance(wanted: float, expected: Verdict) -> None:
    assert verdict(tolerance_check(demand(tolerance_mm=wanted), offer())) is expected


def test_an_unknown_tolerance_is_asked_for() -> None:
    assert verdict(tolerance_check(demand(tolerance_mm=0.05), offer(tolerance_mm=None))) is ASK


@pytest.mark.parametrize(
    ("wanted", "low", "high", "expected"),
    [
        (50, 10, 100, OK),
        (9, 10, 100, NO),
        (101, 10, 100, NO),
        (5, None, 100, OK),
        (5, 1, None, OK),
        (5, None, None, ASK),
    ],
)
def test_quantity(wanted: int, low: int | None, high: int | None, expected: Verdict) -> None:
    assert verdict(quantity_check(demand(quantity=wanted), offer(lot_min=low, lot_max=high))) is expected


def test_a_single_piece_is_asked_about_where_the_owner_is_reluctant() -> None:
    shop = offer("一品物の飾り金物などは苦手です。")
    assert verdict(quantity_check(demand(quantity=1), shop)) is ASK
    assert verdict(quantity_check(demand(quantity=20), shop)) is OK


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (date(2026, 12, 3), ASK),
        (date(2026, 12, 18), NO),
        (date(2026, 12, 21), ASK),
        (date(2026, 12, 25), OK),
        (date(2027, 1, 31), OK),
    ],
)
def test_due_date_against_free_hours(due: date, expected: Verdict) -> None:
    assert verdict(due_check(demand(due=due), offer())) is expected


def test_a_firm_that_says_it_is_full_is_full() -> None:
    shop = offer("年内は満杯です。", capacity=None)
    assert verdict(due_check(demand(due=date(2026, 12, 25)), shop)) is NO
    assert verdict(due_check(demand(due=date(2027, 1, 20)), shop)) is ASK


@pytest.mark.parametrize("hours", [0, 40])
@pytest.mark.parametrize(("until", "stale"), [(None, False), (date(2026, 12, 1), False), (date(2026, 11, 30), True)])
def test_an_old_word_on_the_hours_is_neither_a_yes_nor_a_no(hours: float, until: date | None, stale: bool) -> None:
    shop = offer(capacity=weeks(hours, hours, hours), capacity_until=until)
    check = due_check(demand(due=date(2026, 12, 15)), shop)
    assert verdict(check) is (ASK if stale else OK if hours else NO)
    assert check is not None
    assert (check.question is not None) is stale


def test_a_usual_lead_time_beyond_the_date_is_asked_about() -> None:
    shop = offer("素材の手配込みで納期は3週間前後。", capacity=weeks(40, 40, 40))
    assert verdict(due_check(demand(due=date(2026, 12, 15)), shop)) is ASK


@pytest.mark.parametrize(
    ("wanted", "expected"), [(("ISO9001",), OK), (("ISO13485",), NO), (("ISO9001", "ISO13485"), NO)]
)
def test_certificates(wanted: tuple[str, ...], expected: Verdict) -> None:
    assert verdict(certification_check(demand(certifications=wanted), offer())) is expected


@pytest.mark.parametrize(
    ("wanted", "listed", "expected"),
    [
        ("SUS304", ("SUS304",), OK),
        ("SUS304", ("ステンレス",), OK),
        ("ステンレス", ("SUS304",), OK),
        ("SUS316L", ("SUS304",), NO),
        ("A5052", ("鉄",), NO),
        ("A5052", ("金属全般",), OK),
        ("A5052", ("指定なし（協力先による）",), ASK),
        ("A5052", (), ASK),
    ],
)
def test_material_against_a_closed_list(wanted: str, listed: tuple[str, ...], expected: Verdict) -> None:
    assert verdict(material_check(demand(material=wanted), offer(materials=listed))) is expected


def test_material_refused_in_the_owners_words() -> None:
    shop = offer("アルミと樹脂は切粉が混ざるのでやりません。", materials=("金属全般",))
    assert verdict(material_check(demand(material="A5052"), shop)) is NO
    assert verdict(material_check(demand(material="SUS304"), shop)) is OK


def test_material_taken_only_thin() -> None:
    shop = offer(materials=("SUS304（薄物のみ）",))
    thick = demand("角ブロック", material="SUS304", size_mm=(120.0, 90.0, 60.0))
    thin = demand("板", material="SUS304", size_mm=(120.0, 90.0, 2.0))
    assert verdict(material_check(thick, shop)) is NO
    assert verdict(material_check(thin, shop)) is OK
    assert verdict(material_check(demand(material="SUS304"), shop)) is ASK


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("モジュール2の歯車", "モジュール0.3〜4の歯切り。", [OK]),
        ("モジュール6の歯車", "モジュール0.3〜4の歯切り。", [NO]),
        ("線径0.8の押しばね", "線径0.1〜6㎜のばね。", [OK]),
        ("AWG28の電線", "0.08〜22sqの圧着。", [OK]),
        ("AWG28の電線", "圧着します。", []),
        ("板厚5mm", "厚み0.8〜3.2の板。", [NO]),
    ],
)
def test_special_measures_both_sides_state(text: str, words: str, expected: list[Verdict]) -> None:
    assert [verdict(c) for c in measure_checks(demand(text), offer(words))] == expected


def test_hardened_parts_are_refused_by_who_cannot_cut_them() -> None:
    shop = offer("50HRCを超える焼入れ材は工具がもたないのでご勘弁を。")
    assert [verdict(c) for c in measure_checks(demand("焼入れ済みHRC60の部品"), shop)] == [NO]
    assert [verdict(c) for c in measure_checks(demand("焼入れ済みHRC45の部品"), shop)] == []


def test_a_thin_pin_is_below_the_range_of_a_lathe() -> None:
    shop = offer("φ10からφ250まで挽きます。")
    assert [verdict(c) for c in measure_checks(demand("ピン", size_mm=(8.0, 8.0, 20.0)), shop)] == [NO]


@pytest.mark.parametrize(
    "check", [size_check, tolerance_check, quantity_check, due_check, certification_check, material_check]
)
def test_what_the_request_does_not_say_is_no_condition(check: object) -> None:
    assert callable(check)
    assert check(demand(), offer()) is None


@pytest.mark.parametrize(("wanted", "expected"), [("A5052", OK), ("A2017", NO), ("A7075", NO)])
def test_a_refused_series_leaves_the_rest_of_the_family(wanted: str, expected: Verdict) -> None:
    shop = offer("二千番・七千番のアルミは色むらが出るので断っています。", materials=("アルミ",))
    assert verdict(material_check(demand(material=wanted), shop)) is expected


def test_a_listed_grade_stands_against_a_remark_about_its_family() -> None:
    shop = offer("古いアルミは断っています。", materials=("A5052",))
    assert verdict(material_check(demand(material="A5052"), shop)) is OK


@pytest.mark.parametrize(("length", "expected"), [(100.0, [NO]), (800.0, [])])
def test_a_shop_for_long_work_says_from_where(length: float, expected: list[Verdict]) -> None:
    shop = offer("φ20以上、全長500以上2500まで。")
    assert [verdict(c) for c in measure_checks(demand("軸", size_mm=(50.0, 50.0, length)), shop)] == expected

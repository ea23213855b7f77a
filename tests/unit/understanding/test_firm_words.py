"""Clauses of an owner's words: what is done here, refused, done reluctantly, or passed on, and to what it applies."""

import pytest

from matching.understanding.firm_clauses import Stance, read_clauses
from matching.understanding.firm_phrases import boxes, full_this_year, lead_days, willingness
from matching.understanding.offer import Willingness


def stances(text: str) -> list[tuple[str, Stance]]:
    return [(clause.text, clause.stance) for clause in read_clauses(text)]


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("金属は一切加工しません", Stance.REFUSED),
        ("ステンレスは不可です", Stance.REFUSED),
        ("鉄系は溶かせません", Stance.REFUSED),
        ("印刷機は持たないので刷り本の支給で", Stance.REFUSED),
        ("革と洋服は専門外です", Stance.REFUSED),
        ("セラミックスも砥石が違うのでご遠慮", Stance.REFUSED),
        ("焼入れ材はご勘弁を", Stance.REFUSED),
        ("ゴムとシリコーン以外はほぼ可", Stance.REFUSED),
        ("We do not weld aluminium", Stance.REFUSED),
        ("No plating", Stance.REFUSED),
        ("一品物は苦手です", Stance.RELUCTANT),
        ("単品の試作は割高になります", Stance.RELUCTANT),
        ("浸炭は協力先で", Stance.PASSED_ON),
        ("めっきは外注します", Stance.PASSED_ON),
        ("歯切りは仲間へ", Stance.PASSED_ON),
        ("丸物の外径は円研屋さんへ", Stance.PASSED_ON),
        ("鉄の厚物製缶はよそへお願いします", Stance.PASSED_ON),
        ("浸炭は設備がないので他所をご案内します", Stance.PASSED_ON),
        ("plating is outsourced", Stance.PASSED_ON),
        ("削れない形を得意としています", Stance.DONE),
        ("図面がなくても構いません", Stance.DONE),
        ("急な呼び出しも断ったことがありません", Stance.DONE),
        ("他社に断られた図面を見せてください", Stance.DONE),
        ("町工場仲間の駆け込みも多いです", Stance.DONE),
        ("1個から100個まで", Stance.DONE),
    ],
)
def test_the_stance_of_a_clause(text: str, stance: Stance) -> None:
    (clause,) = read_clauses(text)
    assert clause.stance is stance


def test_a_refusal_reaches_back_over_the_bare_list_before_it() -> None:
    (clause,) = read_clauses("塗装、めっき、筋目や鏡面の仕上げは近所に外注します。")
    assert clause.stance is Stance.PASSED_ON
    assert clause.scope == "塗装、めっき、筋目や鏡面の仕上げは近所に"


def test_a_refusal_does_not_reach_over_a_clause_of_its_own() -> None:
    assert stances("タップと面取りはできますが、曲げと溶接はしません。") == [
        ("タップと面取りはできますが", Stance.DONE),
        ("曲げと溶接はしません", Stance.REFUSED),
    ]
    assert stances("SUS316L限定、鉄・アルミは入れられません。") == [
        ("SUS316L限定", Stance.DONE),
        ("鉄・アルミは入れられません", Stance.REFUSED),
    ]


def test_an_open_topic_waits_for_its_verb() -> None:
    (clause,) = read_clauses("布だけの縫い物は、町屋の縫製屋さんに回しています。")
    assert clause.stance is Stance.PASSED_ON
    assert clause.scope.startswith("布だけの縫い物")


def test_a_bare_list_without_a_refusal_is_offered() -> None:
    assert {stance for _, stance in stances("切削、研削、めっき、1個から。")} == {Stance.DONE}


def test_an_empty_text_has_no_clauses() -> None:
    assert read_clauses("") == ()
    assert read_clauses("。。\n") == ()


def test_boxes_are_read_in_any_writing() -> None:
    assert boxes("テーブルは600×300、高さ300") == ((600.0, 300.0),)
    assert boxes("X550×Y350×Z300") == ((550.0, 350.0, 300.0),)
    assert boxes("1,200×800×深さ250まで") == ((1200.0, 800.0, 250.0),)
    assert boxes("SUS304") == ()


def test_calendar_remarks() -> None:
    assert full_this_year("年内の枠は埋まっています。")
    assert not full_this_year("年内も空きがあります。")
    assert lead_days("納期は3週間前後。") == 21
    assert lead_days("予約は10日前から") == 10
    assert lead_days("早い仕事です。") is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1個からどうぞ", Willingness.ONE_OFF),
        ("図面が手書きでも", Willingness.NO_DRAWING),
        ("試作歓迎", Willingness.PROTOTYPE),
        ("最短翌日", Willingness.RUSH),
        ("学生さんの相談も", Willingness.GUIDANCE),
        ("折れた軸の修理", Willingness.REPAIR),
    ],
)
def test_ways_of_working(text: str, kind: Willingness) -> None:
    assert kind in willingness(text)


def test_a_reluctance_is_no_willingness() -> None:
    assert Willingness.ONE_OFF not in willingness("一品物の飾り金物などは苦手です。")

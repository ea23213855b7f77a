"""Routes of requests made up for these tests."""

from dataclasses import replace
from datetime import date

import pytest

from matching.routing.plan import plan
from matching.routing.route import Route
from matching.routing.segments import MOST, segments
from matching.types import Need, Reading
from matching.understanding.request import read
from matching.vocabulary.processes import is_a

TODAY = date(2026, 12, 1)


def route(text: str) -> Route:
    return plan(read(text, TODAY))


def ids(text: str) -> tuple[str, ...]:
    return route(text).process_ids


def test_steps_keep_the_order_of_the_words() -> None:
    text = "S45Cの軸φ30×200を8本。旋盤で挽いて、高周波で焼入れ、外径を円筒研削、最後に硬質クロムめっき。"
    assert ids(text) == ("turning", "induction_hardening", "cylindrical_grinding", "hard_chrome")


def test_each_step_keeps_what_is_written_of_it() -> None:
    told = "SUS303の軸を10本、旋盤で挽いて、円筒研削は5ミクロンで、角を丸く。最後に検査。"
    text = f"ソラマメ配膳の佐藤です。{told}よろしくお願いします。"
    said = {step.process_id: "".join(step.words) for step in route(text).steps}
    assert said["turning"] == "SUS303の軸を10本、旋盤で挽いて、"
    assert said["cylindrical_grinding"] == "円筒研削は5ミクロンで、角を丸く。"
    assert not [words for words in said.values() if "佐藤" in words or "よろしく" in words]


def test_what_no_words_tell_of_has_no_words() -> None:
    found = plan(read("SPCCの板を曲げて溶接し、粉体塗装。粉体塗装は艶消しの黒で。", TODAY)).steps
    assert all(bool(step.words) is not step.inferred for step in found)
    assert "".join(found[-1].words).endswith("粉体塗装は艶消しの黒で。")


def test_arrows_and_numbers_in_circles_part_the_steps() -> None:
    assert ids("SS400の架台1台。①溶接→②焼鈍→③門型加工→④塗装") == ("welding", "annealing", "milling_large", "painting")


def test_an_english_list_is_read_in_its_order() -> None:
    found = ids("20 brackets in A5052: bend the sheet, weld the corners, and finally powder coat them.")
    assert found[-3:] == ("bending", "welding", "powder_coating")


def test_a_finish_that_describes_the_part_comes_after_its_making() -> None:
    found = ids("黒アルマイト仕上げの筐体をA6063で10個、マシニングで削り出して、ロゴをレーザーで刻印。")
    assert found.index("black_anodising") > 0
    assert found[-1] == "laser_marking"


def test_a_pattern_comes_before_the_casting() -> None:
    found = ids("FC250の砂型鋳造品を3個、木型も作り、フランジ面をフライス加工。")
    assert found.index("wooden_pattern") < found.index("sand_casting") < len(found) - 1


@pytest.mark.parametrize(
    "text",
    [
        "アルミの塊から削った丸いふたを3個。図面は書けません、紙に描いた絵ならあります。どこに頼めばいいですか?",
        "本体はステンレスを切削、ふたはABSを射出成形。ふたの図面を起こしてもらえますか。",
        "アルミの箱を削って黒くしたい。ABSのふたも成形して、最後に組み立て。図面から起こしてほしい。",
    ],
)
def test_what_is_drawn_comes_before_what_is_made_of_any_part(text: str) -> None:
    steps = route(text).steps
    assert is_a(steps[0].process_id, "design")
    assert len(steps) > 1
    assert all(step.after for step in steps[1:])


def test_a_general_word_next_to_a_special_one_is_no_step_of_its_own() -> None:
    found = ids("SCM440の部品を5個、熱処理（真空焼入れ）してから平面研削。")
    assert "heat_treatment" not in found
    assert found[-2:] == ("vacuum_hardening", "surface_grinding")


def test_a_product_name_is_not_an_operation() -> None:
    found = ids("計測ボックスを4台。SPCCの板を曲げて溶接し、粉体塗装。")
    assert "measuring" not in found


def test_what_others_do_is_left_out() -> None:
    found = ids("A5052の板を曲げて、溶接して、塗装。組立は社内で行います。")
    assert "assembly" not in found


def test_making_the_part_is_added_with_its_reason() -> None:
    steps = route("S45C、φ40×300の軸を6本。調質して、外径を円筒研削、最後に無電解ニッケルめっき。").steps
    assert steps[0].process_id == "turning"
    assert steps[0].inferred
    assert steps[0].reason.ja
    assert steps[0].reason.en


def test_a_supplied_part_is_not_made_again() -> None:
    steps = route("支給のS45C軸φ40×300を6本。調質して、外径を円筒研削、最後に無電解ニッケルめっき。").steps
    assert not any(step.inferred for step in steps)


def test_a_sheet_is_cut_before_it_is_bent() -> None:
    found = ids("SUS304 t1.5の板を曲げて溶接、最後に電解研磨。20台。")
    assert found[:2] == ("laser_cutting", "bending")


def test_the_close_tolerance_belongs_to_the_step_that_holds_it() -> None:
    steps = {
        s.process_id: s
        for s in route("SKD11のプレート100×80×20、2枚。フライスで荒取り、真空焼入れ、平面研削で±0.003。").steps
    }
    assert steps["surface_grinding"].need.tolerance_mm is not None
    assert steps["vacuum_hardening"].need.tolerance_mm is None
    assert steps["milling"].need.tolerance_mm is None


def test_parts_of_different_stock_run_in_parallel_until_they_are_joined() -> None:
    steps = route("真鍮のつまみφ20×15を旋盤で挽く、ABSの箱100×60×30を射出成形、最後に組み立て。500個。").steps
    assert [step.process_id for step in steps] == ["turning", "injection_moulding", "assembly"]
    assert [step.after for step in steps] == [(), (), (0, 1)]
    assert [step.need.material.value for step in steps if step.need.material] == ["真鍮", "ABS"]


def test_a_certificate_told_with_one_step_is_asked_of_that_step_only() -> None:
    steps = route("A5052のケース100×80×40を300個。切削して、黒アルマイト、ハーネス（UL）300本。").steps
    assert [s.process_id for s in steps if s.need.certifications] == ["wire_harness"]


def test_the_material_of_a_mould_is_not_that_of_the_part() -> None:
    steps = {s.process_id: s for s in route("ABSのカバー90×60×20を300個、アルミの型で射出成形、あと塗装。").steps}
    material = steps["painting"].need.material
    assert material is not None
    assert material.value == "ABS"


def test_hours_grow_with_the_quantity_and_have_a_range() -> None:
    few = route("A5052の板10枚をレーザー切断して、曲げて、アルマイト。").steps
    many = route("A5052の板1000枚をレーザー切断して、曲げて、アルマイト。").steps
    assert all(m.hours.likely > f.hours.likely for f, m in zip(few, many, strict=True))
    assert all(s.hours.low < s.hours.likely < s.hours.high for s in (*few, *many))


@pytest.mark.parametrize("text", ["", "こんにちは。", "。、。、", "①②③", "(" * 50, "a" * 2000])
def test_any_text_gives_a_route(text: str) -> None:
    steps = route(text).steps
    assert all(p < i for i, step in enumerate(steps) for p in step.after)


def test_a_very_long_text_is_planned_as_far_as_a_page_goes() -> None:
    """Ten thousand characters of short clauses once took minutes: the work is bounded by the stretches looked at."""
    text = "アルミの板を切って、穴をあけて、黒くして。" * 500
    assert len(segments(text, TODAY, "ja")) == MOST
    route = plan(read(text, TODAY))
    assert 2 <= len(route.steps) <= MOST


def test_the_stretches_are_read_once_though_the_need_is_corrected() -> None:
    need = read("ステンレスの板を切って曲げ、溶接して、電解研磨。10個。", TODAY)
    plan(need)
    known = segments.cache_info()
    plan(replace(need, material=Reading("A5052")))
    assert segments.cache_info().misses == known.misses


def materials_of(need: Need) -> list[str | None]:
    return [step.need.material.value if step.need.material else None for step in plan(need).steps]


def test_a_corrected_material_is_that_of_every_step_of_its_part() -> None:
    text = "ステンレスの板を切って曲げ、溶接して、電解研磨。10個。"
    need = read(text, TODAY)
    assert set(materials_of(need)) == {"ステンレス"}
    assert set(materials_of(replace(need, material=Reading("SUS304")))) == {"SUS304"}
    assert set(materials_of(replace(need, material=None))) == {None}


def test_a_corrected_material_leaves_that_of_another_part_alone() -> None:
    text = "本体はステンレスを切削、ふたはA5052を曲げてアルマイト。10個。"
    found = materials_of(replace(read(text, TODAY), material=Reading("SUS304")))
    assert found[0] == "SUS304"
    assert set(found[1:]) == {"A5052"}


def test_a_corrected_size_and_tolerance_take_the_place_of_what_the_step_told() -> None:
    text = "A5052の板200×100mmを±0.1で切削、10個。"
    need = replace(read(text, TODAY), size_mm=Reading((300.0, 100.0)), tolerance_mm=Reading(0.05))
    step = next(one for one in plan(need).steps if one.process_id == "machining")
    assert step.need.size_mm
    assert step.need.size_mm.value == (300.0, 100.0)
    assert step.need.tolerance_mm
    assert step.need.tolerance_mm.value == 0.05

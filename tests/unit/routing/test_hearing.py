"""What stretches sound like, and what a route makes of it."""

from datetime import date
from importlib.resources import files

import numpy as np
import pytest
from scipy.sparse import csr_array

from matching.routing.hearing import TRAIT_WEIGHT, Ear, grams, heard
from matching.routing.plan import plan
from matching.understanding.request import read
from matching.vocabulary.processes import is_a
from seed.hearing import source

DAY = date(2026, 12, 1)
METAL, CLOTH = frozenset({"metal"}), frozenset({"textile"})


def route(text: str) -> tuple[str, ...]:
    return plan(read(text, DAY)).process_ids


def test_it_was_learned_from_what_is_kept() -> None:
    """After a change of seed/data/told_*.tsv: python -m seed.hearing."""
    with (files("matching.routing") / "data" / "hearing.npz").open("rb") as file, np.load(file) as kept:
        assert str(kept["source"]) == source()


@pytest.mark.parametrize(
    ("words", "traits", "process_id"),
    [
        ("名前を糸で入れて、", CLOTH, "embroidery"),
        ("銅の板を叩いて丸い鉢の形にし、", METAL, "chasing_metal"),
        (" glue the two halves together,", frozenset({"plastic"}), "bonding"),
        ("水につけて泡が出ないか見て、", METAL, "leak_test"),
    ],
)
def test_a_stretch_sounds_like_its_operation(words: str, traits: frozenset[str], process_id: str) -> None:
    hearing = heard(words, traits)
    assert is_a(hearing.best, process_id) or is_a(process_id, hearing.best), hearing.best
    assert hearing.score > hearing.silence
    assert hearing.of(process_id) == hearing.score


@pytest.mark.parametrize(
    "words", ["来月末までにお願いします。", "予算は三万円です。", " for our shop in Asakusa.", "", "、"]
)
def test_what_asks_for_nothing_is_silence(words: str) -> None:
    hearing = heard(words, METAL)
    assert hearing.silence > hearing.score


def test_scores_added_up_by_hand_are_those_of_the_sparse_product() -> None:
    weights = csr_array(np.array([[0, 2, 0], [1, 0, -1], [0, 0, 0], [0.5, 0.25, 4]], dtype=np.float32))
    ear = Ear(
        labels=("a", "b", "c"),
        grams={"切": 1, "る": 0, "切る": 2},
        rarity=np.array([1, 2, 3], dtype=np.float32),
        traits={"metal": 3},
        weights=weights,
        bias=np.array([0.1, 0.2, 0.3], dtype=np.float32),
    )
    values = np.array([1, 2, 3], dtype=np.float32) / np.sqrt(np.float32(14))
    asked = np.append(values, np.float32(TRAIT_WEIGHT))
    assert ear.scores("切る", ["metal", "wood"]) == pytest.approx(asked @ weights.toarray() + ear.bias)
    assert ear.scores("", []).tolist() == ear.bias.tolist()


def test_figures_and_asides_sound_alike() -> None:
    assert grams("φ35の棒を削り") == grams("φ8.5の棒を削り") != grams("φ8.5の棒を磨き")
    assert grams("棒（在庫あり）を削り") == grams("棒 を削り")
    assert grams("（全部）")


def test_a_stretch_no_table_knows_becomes_a_step_between_those_that_are_told() -> None:
    assert route("真鍮の板を切り抜いて、花びらのように叩いて丸みをつけ、金めっき。") == (
        "laser_cutting",
        "chasing_metal",
        "gold_plating",
    )


def test_a_table_is_corrected_by_the_whole_stretch_but_a_name_stays_where_it_fits() -> None:
    assert "embroidery" in route("帆布の袋を縫って、名前を糸で入れてください。30枚。")
    assert "laser_marking" in route("SUS304の板を曲げて、名前をレーザー刻印で入れてください。30枚。")


@pytest.mark.parametrize(
    "text",
    [
        "SS400の板を曲げて溶接。塗装はうちでやります。",
        "SS400の板を曲げて溶接。色を付ける必要はありません。",
        "Bend and weld the bracket. We glue the pads on ourselves.",
    ],
)
def test_what_others_do_is_not_heard(text: str) -> None:
    assert {"bending", "welding"} >= set(route(text)) - {"laser_cutting"}

"""Named measures and their ranges, in a firm's words and in a request's."""

import pytest

from matching.understanding.measures import MeasureKind, gauge_section, read_measures

K = MeasureKind


@pytest.mark.parametrize(
    ("text", "kind", "low", "high"),
    [
        ("モジュール0.3〜4", K.MODULE, 0.3, 4.0),
        ("穴径0.08〜3㎜", K.HOLE, 0.08, 3.0),
        ("直径0.15ミリの穴", K.HOLE, 0.15, 0.15),
        ("ガンドリルでφ3〜φ32を開けます", K.HOLE, 3.0, 32.0),
        ("内径3〜150㎜", K.BORE, 3.0, 150.0),
        ("線の太さ0.8", K.WIRE, 0.8, 0.8),
        ("板厚0.5〜6㎜", K.THICKNESS, 0.5, 6.0),
        ("SUS304 t1.5のL字", K.THICKNESS, 1.5, 1.5),
        ("SPCC 2.0t", K.THICKNESS, 2.0, 2.0),
        ("3㎜板", K.THICKNESS, 3.0, 3.0),
        ("長さ400まで", K.LENGTH, None, 400.0),
        ("長さ60cm", K.LENGTH, 600.0, 600.0),
        ("φ10からφ250", K.DIAMETER, 10.0, 250.0),
        ("直径7センチ", K.DIAMETER, 70.0, 70.0),
        ("φ20以上", K.DIAMETER, 20.0, None),
        ("深さ1,500まで", K.DEPTH, None, 1500.0),
        ("HRC58〜60", K.HARDNESS, 58.0, 60.0),
        ("SKD11 HRC60", K.HARDNESS, 60.0, 60.0),
        ("50HRCを超える", K.HARDNESS, 50.0, 50.0),
        ("Ra0.2以下", K.ROUGHNESS, None, 0.2),
        ("M1.4〜M10", K.SCREW, 1.4, 10.0),
        ("0.08〜22sq", K.WIRE_SECTION, 0.08, 22.0),
        ("厚み2〜50μm", K.THICKNESS, 0.002, 0.05),
    ],
)
def test_one_measure(text: str, kind: MeasureKind, low: float | None, high: float | None) -> None:
    (measure,) = read_measures(text)
    assert (measure.kind, measure.low, measure.high) == (kind, low, high)


@pytest.mark.parametrize(
    "text", ["横穴2か所", "穴4つ", "径の50倍まで", "膜厚30μm", "1個から300個", "SUS304", "", "2026年"]
)
def test_counts_and_names_are_no_measures(text: str) -> None:
    assert read_measures(text) == ()


def test_gauges_run_backwards() -> None:
    (measure,) = read_measures("AWG36〜28")
    assert measure.low == pytest.approx(0.0127, abs=1e-3)
    assert measure.high == pytest.approx(0.081, abs=1e-3)
    assert gauge_section(28) == pytest.approx(0.0810, abs=1e-4)


def test_an_open_end_holds_everything_on_its_side() -> None:
    (up_to,) = read_measures("長さ400まで")
    (from_,) = read_measures("φ20以上")
    assert up_to.holds(400)
    assert up_to.holds(405)
    assert not up_to.holds(420)
    assert from_.holds(2000)
    assert not from_.holds(19)

"""Firms that work for some uses only, firms that decline parts below a size they name, and boxes on a square base."""

import pytest

from matching.scoring.demand import read_demand, shape_of
from matching.scoring.limits import use_check
from matching.scoring.size import size_check
from matching.types import Verdict
from matching.understanding.firm import read_firm
from tests.unit.scoring.examples import firm, need

MEDICAL = read_firm(firm("病院の器具だけを作っています。それ以外の仕事はお断りしています。"))
BIG = read_firm(firm("150角より小さい物はお断りしています。"))


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("病院で使うトレーを試作したい", Verdict.OK),
        ("趣味の自転車の部品を削りたい", Verdict.NO),
        ("軸を10本", Verdict.UNKNOWN),
    ],
)
def test_a_firm_for_some_uses_only(text: str, verdict: Verdict) -> None:
    check = use_check(read_demand(need(text, "milling")), MEDICAL)
    assert check is not None
    assert check.verdict is verdict
    assert (check.question is not None) == (verdict is Verdict.UNKNOWN)


def test_other_firms_are_not_asked_for_the_use() -> None:
    assert use_check(read_demand(need("趣味の部品", "milling")), BIG) is None


@pytest.mark.parametrize(("size", "declined"), [((100.0, 90.0, 80.0), True), ((160.0, 90.0, 80.0), False)])
def test_the_side_a_firm_names_decides_what_is_too_small(size: tuple[float, ...], declined: bool) -> None:
    check = size_check(read_demand(need("箱", "milling", size_mm=size)), BIG, None)
    assert check is not None
    assert (check.verdict is Verdict.NO) == declined


@pytest.mark.parametrize(
    ("text", "size", "shape"),
    [
        ("軸", (20.0, 20.0, 90.0), "round"),
        ("箱", (90.0, 90.0, 40.0), "box"),
        ("蓋", (90.0, 60.0, 2.0), "flat"),
        ("蓋", (90.0, 60.0), "flat"),
        ("棒", (90.0,), ""),
        ("何か", None, ""),
    ],
)
def test_the_shape_asked_alone_is_that_of_the_demand(text: str, size: tuple[float, ...] | None, shape: str) -> None:
    part = need(text, size_mm=size) if size else need(text)
    assert shape_of(part) == read_demand(part).shape == shape


def test_a_box_on_a_square_base_is_not_round() -> None:
    box = need("四角い入れ物", "milling", size_mm=(90.0, 90.0, 40.0))
    assert read_demand(box).round_mm is None
    assert read_demand(need("直径90の入れ物", "milling", size_mm=(90.0, 90.0, 40.0))).round_mm == (90.0, 40.0)

"""How many parts are wanted first."""

import pytest

from matching.understanding.request import read
from tests.unit.understanding.conftest import TODAY


def quantity(text: str) -> int | None:
    reading = read(text, TODAY).quantity
    return reading.value if reading else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ブラケットを15個", 15),
        ("ブラケットを１５個", 15),
        ("三個だけ試したい", 3),
        ("ピンを百個", 100),
        ("五十本お願いします", 50),
        ("数量：20ヶ", 20),
        ("数量 ３０ケ", 30),
        ("数は５つ", 5),
        ("2万個", 20000),
        ("月産1万5千個", 15000),
        ("5千個の予定", 5000),
        ("2,000個", 2000),
        ("冊子を200部", 200),
        ("ノートを80冊", 80),
        ("作業着を40着", 40),
        ("架台を2基", 2),
        ("15セット", 15),
        ("ヒンジ2組", 2),
        ("減速機300台分", 300),
        ("化粧箱を1000箱。", 1000),
        ("まず10個試して、売れたら500個", 10),
        ("100個。最初はこれだけで、好評なら1000個つくります", 100),
        ("初回200個、年間5000個", 200),
        ("M4タップ6か所の板を8枚", 8),
        ("穴4つのL金具を45個", 45),
        ("φ0.8の穴を64個。6枚。", 6),
        ("1枚あたり9個の穴をあけ、20枚", 20),
        ("1台分で2個、計6個", 6),
        ("削ると1個400円かかる部品を3万個", 30000),
        ("一台の機械で仕上げて、300個", 300),
        ("3点の金型部品", 3),
        ("5O枚お願いします", 50),
        ("見本を1つ作ってください", 1),
        ("We need 15 pieces", 15),
        ("six hardened steel plates", 6),
        ("Two dozen seals", 24),
        ("half a dozen housings", 6),
        ("twenty-five brackets", 25),
        ("about 50 seamless knitted hats", 50),
        ("500 off bushings", 500),
        ("qty 2", 2),
        ("Quantity: 1,000", 1000),
        ("one prototype", 1),
        ("a single machined bracket with 12 holes", 1),
        ("200 of our machined parts", 200),
        ("100 units first, then 5000 units a year", 100),
        ("laser cut 40 mild steel brackets with 6 holes", 40),
    ],
)
def test_quantities(text: str, expected: int) -> None:
    assert quantity(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "数個だけ欲しい",
        "M4タップ12か所",
        "穴を64個あけたい",
        "3社から見積を取りたい",
        "2週間以内に",
        "120×80×20のブロック",
        "曲げ3か所、ボス2つ",
        "歯車が一枚欠けてしまった",
        "a few parts with 4 holes",
        "three weeks from now",
        "",
    ],
)
def test_no_quantity(text: str) -> None:
    assert quantity(text) is None

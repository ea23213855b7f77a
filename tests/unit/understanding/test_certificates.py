"""Certificates demanded of the workshop."""

import pytest

from matching.understanding.request import read
from tests.unit.understanding.conftest import TODAY


def certificates(text: str) -> tuple[str, ...] | None:
    reading = read(text, TODAY).certifications
    return reading.value if reading else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("JIS Q 9100を持つ工場が条件です。", ("JIS Q 9100",)),
        ("JIS Q 9100とNadcap必須。", ("JIS Q 9100", "Nadcap")),
        ("ＩＳＯ９００１取得工場に限る", ("ISO9001",)),
        ("ISO 13485の体制で", ("ISO13485",)),
        ("食品衛生法の証明が必要です", ("食品衛生法適合",)),
        ("ISO 13485 certified shops only", ("ISO13485",)),
        ("IPC-A-610 workmanship required", ("IPC-A-610",)),
    ],
)
def test_demanded(text: str, expected: tuple[str, ...]) -> None:
    assert certificates(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "当社はISO9001取得企業です。",
        "弊社はISO14001の認証を持っています。",
        "ISO9001は不要です。",
        "ISO9001はなくても構いません。",
        "We are ISO 9001 certified.",
        "ISO 9001 is not required.",
        "No ISO 9001 needed.",
        "検査成績書とミルシートをつけてください。",
        "",
    ],
)
def test_not_demanded(text: str) -> None:
    assert certificates(text) is None

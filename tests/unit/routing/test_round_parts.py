"""A round metal part whose making nobody tells is turned, however its diameter is told."""

import pytest

from matching.routing.plan import plan
from matching.routing.telling import with_told_steps
from matching.understanding.request import read
from tests.unit.understanding.conftest import TODAY


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("丸い金物です。SUS304で、さしわたし36ミリ、厚み14ミリ。電解研磨して、番号をレーザーで入れる。60個", "turning"),
        ("真鍮の丸い飾り、直径22ミリ、厚み4ミリ。金めっきして、レーザーで番号。", "turning"),
        ("丸いアルミの部品、さしわたし30ミリ、赤いアルマイトをして、番号をレーザー刻印。80個", "turning"),
        ("丸いアルミの板、さしわたし30ミリ、赤いアルマイトをして、番号をレーザー刻印。80個", "laser_cutting"),
    ],
)
def test_the_first_step_of_a_round_part(text: str, first: str) -> None:
    need = with_told_steps(read(text, TODAY))

    assert plan(need).steps[0].process_id == first

"""How much of some hundred made-up chains the routes hold, and how little besides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from matching.routing.plan import plan
from matching.understanding.request import read
from matching.vocabulary.processes import is_a, processes

TODAY = date(2026, 12, 1)


@dataclass(frozen=True)
class Telling:
    """Chains with the least share of their steps that must be held, and the most that may stand there besides."""

    name: str
    least: float
    most: float

    @property
    def chains(self) -> list[dict[str, Any]]:
        text = (Path(__file__).parent / f"{self.name}.yaml").read_text(encoding="utf-8")
        chains: list[dict[str, Any]] = yaml.safe_load(text)
        return chains


# All but the first file are by authors who knew nothing of the tables; half of each has never been looked at, and what
# hearing learns from (seed/told.py) is by others.
TELLINGS = [
    Telling("told_chains", 0.85, 0.15),
    Telling("told_more", 0.78, 0.22),
    Telling("told_blind", 0.73, 0.23),
    Telling("told_sixth", 0.76, 0.31),
]
each = pytest.mark.parametrize("telling", TELLINGS, ids=lambda telling: telling.name)


def is_one_of(process_id: str, names: str) -> bool:
    return any(is_a(process_id, name) for name in names.split("|"))


def held(route: Sequence[str], wanted: Sequence[str]) -> int:
    """The most wanted steps that stand in the route in their order, one step of it for each."""
    best = [[0] * (len(route) + 1) for _ in range(len(wanted) + 1)]
    for i, names in enumerate(wanted, start=1):
        for j, process_id in enumerate(route, start=1):
            taken = best[i - 1][j - 1] + is_one_of(process_id, names)
            best[i][j] = max(best[i - 1][j], best[i][j - 1], taken)
    return best[-1][-1]


def besides(route: Sequence[str], wanted: Sequence[str], may: Sequence[str]) -> int:
    allowed = sum(any(is_one_of(process_id, name) for name in may) for process_id in route)
    return max(0, len(route) - held(route, wanted) - allowed)


@each
def test_the_table_names_processes_of_the_vocabulary(telling: Telling) -> None:
    names = {n for row in telling.chains for step in (*row["steps"], *row.get("may", ())) for n in step.split("|")}
    assert names <= set(processes())


@each
def test_routes_hold_the_told_steps_in_order_and_little_else(telling: Telling) -> None:
    chains = telling.chains
    routes = [plan(read(row["text"], TODAY)).process_ids for row in chains]
    steps = sum(len(row["steps"]) for row in chains)
    found = sum(held(route, row["steps"]) for route, row in zip(routes, chains, strict=True))
    more = sum(besides(route, row["steps"], row.get("may", ())) for route, row in zip(routes, chains, strict=True))
    assert found / steps >= telling.least
    assert more / steps <= telling.most


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        # Supplied, done elsewhere, done in house.
        ("鋳物はこちらから送ります。FC250、内側を旋盤で仕上げて黒染め。", ("turning", "black_oxide")),
        (
            "A5052の板を曲げて溶接、白く塗装。組立は知り合いの業者に頼みます。",
            ("laser_cutting", "bending", "welding", "painting"),
        ),
        # A step told before the one it follows.
        ("S45Cの座金を旋盤で挽く。亜鉛めっきの前にバレル研磨。", ("turning", "barrel_polishing", "zinc_plating")),
        (
            "SKD11の部品を削り出す。最後にTiNコートをかけるが、その前に真空焼入れ。",
            ("machining", "vacuum_hardening", "dry_coating"),
        ),
        # Parts with stocks of their own, each with its making.
        ("真鍮の軸 φ8×60、ブナの丸い取っ手 φ40×90、各20個。", ("turning", "wood_turning")),
        # The trade has an order of its own, whatever comes first in the text.
        ("ブローチで六角穴を通してほしい。SCM435、外径φ28、丸物を先に旋盤で。", ("turning", "broaching")),
        (
            "絵本を本文32ページ、糸でかがる製本。50部。表紙に銀の箔を押します。",
            ("digital_printing", "foil_stamping", "sewn_binding"),
        ),
        # A telephone note has blanks for commas; what is not wanted rules out itself alone.
        ("A6061 5ｹ 削り出し 黒ｱﾙﾏｲﾄ 検査ﾅｼ", ("machining", "black_anodising")),
        ("SUS304 ﾊﾟｲﾌﾟを曲ゲテ両端ﾖｳｾﾂ 中まで電カイｹﾝﾏ", ("pipe_bending", "welding", "electropolishing")),
        ("鉄3.2t 800x300 16枚 切→曲→溶→亜鉛(三価ｸﾛ)", ("laser_cutting", "bending", "welding", "zinc_plating")),
        # Figures of speech and people of a trade ask for nothing.
        (
            "業界の常識を塗り替えたい。祖父は溶接工でした。真鍮の丸棒を挽いて、金めっき。",
            ("turning", "gold_plating"),
        ),
        # A close fit after hardening is ground.
        (
            "SCM440の軸φ30×200を挽いて焼入れ、軸受の座は±0.004に仕上げる。",
            ("turning", "hardening", "cylindrical_grinding"),
        ),
    ],
)
def test_ways_of_telling(text: str, steps: tuple[str, ...]) -> None:
    assert plan(read(text, TODAY)).process_ids == steps

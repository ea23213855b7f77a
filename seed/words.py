"""A firm's own words, put together from many small parts so that few firms share a whole sentence."""

import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from matching.types import Equipment

DATA = Path(__file__).parent / "data"
# How often each kind of sentence stands in a firm's text, in this order.
KINDS = (
    ("opening", 1.0), ("ability", 0.95), ("ability", 0.5), ("lot", 0.5), ("trust", 0.5), ("refusal", 0.35),
    ("neighbours", 0.35), ("manner", 0.4),
)  # fmt: skip
KANJI_DIGITS = "〇一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the sentences may speak of, so that the words never contradict the record."""

    trade: dict[str, Any]
    short: str
    ward: str
    town: str
    people: int
    processes: tuple[str, ...]
    materials: tuple[str, ...]
    machines: tuple[Equipment, ...]
    lot_min: int
    lot_max: int
    tolerance: float
    towns: tuple[str, ...]


def own_words(rng: random.Random, facts: Facts) -> str:
    """Two to seven sentences in the owner's voice."""
    patterns = _yaml("phrases")
    chosen = dict.fromkeys(rng.choice(patterns[kind]) for kind, share in KINDS if rng.random() < share)
    return "".join(pattern.format(**_slots(rng, facts)) for pattern in chosen)


def _slots(rng: random.Random, facts: Facts) -> dict[str, object]:
    goods = rng.sample(facts.trade["goods"], 2)
    strangers = [trade for trade in _yaml("trades") if trade["id"] != facts.trade["id"]]
    other, refused = rng.sample(strangers, 2)
    material = rng.sample(facts.materials, 3)
    process = rng.sample(facts.processes, 2)
    return {
        "ward": facts.ward, "town": facts.town, "town2": rng.choice(facts.towns), "short": facts.short,
        "people": _people(facts.people), "young": rng.randint(1, max(1, facts.people // 4)),
        "process": process[0], "process2": process[1], "goods": goods[0], "goods2": goods[1],
        "material": material[0], "material2": material[1], "material3": material[2],
        "machine": _machine(rng.choice(facts.machines)), "machine2": _machine(facts.machines[-1]),
        "count": facts.machines[0].count, "size": _size(rng, facts), "tolerance": _tolerance(rng, facts.tolerance),
        "lot_min": facts.lot_min, "lot_max": facts.lot_max, "years": rng.randint(8, 92),
        "years2": rng.randint(3, 40), "days": rng.randint(2, 14), "days2": rng.randint(10, 40),
        "customer": rng.choice(_yaml("names")["customers"]), "other": rng.choice(other["processes"]),
        "refused": _refused(rng, facts, refused),
    }  # fmt: skip


def _people(people: int) -> str:
    if people == 1:
        return "一人"
    return f"{KANJI_DIGITS[people]}人" if people <= 10 else f"{people}人"


def _machine(machine: Equipment) -> str:
    return f"{machine.maker}の{machine.kind}" if machine.maker != "自社製" else machine.kind


def _size(rng: random.Random, facts: Facts) -> str:
    sized = [machine.envelope_mm for machine in facts.machines if machine.envelope_mm]
    if not sized:
        return rng.choice(("手のひらに乗る大きさ", "一人で持てる大きさ", "両手で抱える大きさ"))
    x, y, z = max(sized)
    return rng.choice(
        (f"{x:g}×{y:g}×{z:g}", f"{x:g}×{y:g}", f"長さ{max(x, y, z):g}ミリ", f"{max(x, y, z) / 10:g}センチ角")
    )


def _tolerance(rng: random.Random, tolerance: float) -> str:
    return rng.choice((f"±{tolerance:g}", f"±{tolerance:g}ミリ", f"公差{tolerance:g}", f"プラスマイナス{tolerance:g}"))


def _refused(rng: random.Random, facts: Facts, stranger: dict[str, Any]) -> str:
    foreign = [material for material in stranger["materials"] if material not in facts.trade["materials"]]
    found: str = rng.choice([*foreign[:3], rng.choice(stranger["processes"]), f"{stranger['goods'][0]}の量産"])
    return found


@cache
def _yaml(name: str) -> Any:  # noqa: ANN401  the shape is the file's
    return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))

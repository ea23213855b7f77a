"""When a request names only a trade: which of its special processes can do the job, and which features are minor."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from matching.vocabulary.processes import is_a


@cache
def _tables() -> tuple[Mapping[str, Mapping[str, tuple[str, ...]]], frozenset[str]]:
    text = (files("matching.scoring") / "data" / "generic.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    narrow = {
        generic: {shape: tuple(ids) for shape, ids in shapes.items()} for generic, shapes in data["narrow"].items()
    }
    return narrow, frozenset(data["minor"])


def is_narrow(wanted: str, offered: str, shape: str) -> bool:
    """Whether `offered` is a kind of `wanted` that does one feature or one shape only, and not this one."""
    shapes = _tables()[0].get(wanted)
    if shapes is None or offered == wanted:
        return False
    return any(is_a(offered, id_) for id_ in (*shapes.get("always", ()), *shapes.get(shape, ())))


def is_minor(process_id: str) -> bool:
    """Whether shops of any trade around it add this feature in passing (a tapped hole, a broken edge)."""
    return process_id in _tables()[1]

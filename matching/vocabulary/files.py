"""Reading the YAML files in which the words live."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_DATA = files("matching.vocabulary") / "data"
# The C parser reads the files ten times faster; builds of PyYAML without it still work.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def load(name: str) -> Any:  # noqa: ANN401
    """The content of `data/<name>.yaml`. Raises FileNotFoundError for an unknown name."""
    return yaml.load((_DATA / f"{name}.yaml").read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506


def load_all(prefix: str) -> list[dict[str, Any]]:
    """The entries of every file `data/<prefix>_*.yaml`, in the order of the file names."""
    names = sorted(p.name.removesuffix(".yaml") for p in _DATA.iterdir() if p.name.startswith(f"{prefix}_"))
    return [entry for name in names for entry in load(name)]

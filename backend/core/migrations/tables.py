"""Every slice's tables in one place. Slices stand above core, so they are named here and not imported."""

from importlib import import_module
from importlib.util import find_spec

from sqlalchemy import MetaData

from backend.core.model import Model

CORE = ("audit", "jobs", "mail")
SLICES = ("accounts", "firms", "capacity", "requests", "matches", "teams")


def all_tables() -> MetaData:
    """The metadata with the tables of core and of every slice loaded."""
    for name in CORE:
        import_module(f"backend.core.{name}")
    for slice_name in SLICES:
        if find_spec(f"backend.{slice_name}") and find_spec(f"backend.{slice_name}.models"):
            import_module(f"backend.{slice_name}.models")
    return Model.metadata

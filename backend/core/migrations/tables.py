"""Every slice's tables in one place. Slices stand above core, so they are named here and not imported."""

from importlib import import_module
from importlib.util import find_spec

from sqlalchemy import MetaData

from backend.core.model import Model

CORE = ("audit", "idempotency", "jobs", "mail")
SLICES = ("accounts", "files", "firms", "capacity", "requests", "matches", "teams", "introductions")
# The files of a slice that hold tables.
FILES = ("models", "team_models", "message_models", "outcome_models", "change_models")


def all_tables() -> MetaData:
    """The metadata with the tables of core and of every slice loaded."""
    for name in CORE:
        import_module(f"backend.core.{name}")
    for module in (f"backend.{slice_name}.{file}" for slice_name in SLICES for file in FILES):
        if find_spec(module.rpartition(".")[0]) and find_spec(module):
            import_module(module)
    return Model.metadata

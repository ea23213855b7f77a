"""Every slice's tables in one place. Slices stand above core, so they are named here and not imported."""

from importlib import import_module

from sqlalchemy import MetaData

from backend.core.model import Model

CORE = ("audit", "idempotency", "jobs", "mail")
# The places that hold tables, each in its models.py.
SLICES = ("accounts", "files", "firms", "capacity", "requests", "teams", "introductions")
WITHIN_INTRODUCTIONS = ("changes", "desk", "messages", "outcomes")


def all_tables() -> MetaData:
    """The metadata with the tables of core and of every slice loaded."""
    places = (*SLICES, *(f"introductions.{name}" for name in WITHIN_INTRODUCTIONS))
    for module in (*(f"core.{name}" for name in CORE), *(f"{place}.models" for place in places)):
        import_module(f"backend.{module}")
    return Model.metadata

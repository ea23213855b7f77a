"""Tables keep the house rules."""

from sqlalchemy import PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy.orm import configure_mappers

from backend.core.migrations.tables import all_tables
from backend.core.model import Model


def test_relationships_are_never_loaded_by_surprise() -> None:
    all_tables()
    configure_mappers()
    for mapper in Model._sa_registry.mappers:
        for relation in mapper.relationships:
            assert relation.lazy in {"raise", "raise_on_sql"}, relation


def test_every_constraint_has_a_name() -> None:
    for table in all_tables().tables.values():
        for constraint in table.constraints:
            assert constraint.name, f"{table.name}: {constraint}"


def test_tables_are_plural_snake_case() -> None:
    for table in all_tables().tables:
        assert table == table.lower()
        assert table.endswith("s") or table == "equipment", table


KEYS = (PrimaryKeyConstraint, UniqueConstraint)


def test_what_goes_with_a_deleted_row_is_found_by_an_index() -> None:
    for table in all_tables().tables.values():
        for column in table.columns:
            if any(key.ondelete == "CASCADE" for key in column.foreign_keys):
                assert column.name in _first_of_an_index(table), f"{table.name}.{column.name}"


def _first_of_an_index(table: Table) -> set[str]:
    kept = [*table.indexes, *(rule for rule in table.constraints if isinstance(rule, KEYS))]
    return {next(iter(listed.columns)).name for listed in kept}

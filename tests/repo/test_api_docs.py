"""The reference of the programs' interface names every operation there is."""

from tests.repo import api_table


def test_the_tables_are_fresh() -> None:
    assert api_table.written() == api_table.tables().strip("\n"), "run: python -m tests.repo.api_table"

"""Every setting is documented where an operator looks for it."""

import pytest

from backend.core.settings import Settings
from tests.repo.source import ROOT

DOCUMENT = ROOT / "docs/reference/configuration.md"


@pytest.mark.parametrize("field", Settings.model_fields)
def test_is_documented_as_the_code_describes_it(field: str) -> None:
    line = f"| `NAKAMAWA_{field.upper()}` |"
    row = next((row for row in DOCUMENT.read_text().splitlines() if row.startswith(line)), None)
    assert row is not None, f"{line} is missing"
    assert (Settings.model_fields[field].description or "no description") in row


def test_documents_nothing_that_is_not_there() -> None:
    rows = [row for row in DOCUMENT.read_text().splitlines() if row.startswith("| `NAKAMAWA_")]
    assert len(rows) == len(Settings.model_fields)

"""The day on which every sentence of these tests is written: a Tuesday."""

from datetime import date

import pytest

TODAY = date(2026, 12, 1)


@pytest.fixture
def today() -> date:
    return TODAY

"""The pages of coordinators are measured on rows that are written for it."""

import pytest

from bench import desk


@pytest.mark.slow
def test_every_page_is_measured_for_both_coordinators() -> None:
    found = desk.rows(cases=60, firms=80, times=1)
    limits = [desk.LIMIT] * len(desk.PAGES) + [desk.REPORT_LIMIT] * len(desk.REPORTS)
    assert [row.limit for row in found] == 2 * limits
    assert all(row.value > 0 for row in found)

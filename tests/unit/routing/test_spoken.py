"""The table of wordings: what holds for every row."""

import re

from matching.routing.spoken import wordings

# A repetition without an end, of digits, letters, blanks or a set: the work of a search grows with its square.
_ENDLESS = re.compile(r"(?:\\[dws]|\])(?:[+*]|\{\d+,\})")


def test_no_wording_repeats_a_sign_without_end() -> None:
    """Nine thousand digits in a row once kept a process busy for twenty seconds."""
    assert len(wordings()) > 100
    assert [pattern for pattern in wordings() if _ENDLESS.search(pattern)] == []

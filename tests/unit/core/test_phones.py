"""Telephone numbers are one thing however they were typed; other words keep their long vowels and dashes."""

import pytest

from backend.core import phones
from backend.firms.cells import READERS, Reading
from backend.firms.json_rows import read_record


@pytest.mark.parametrize("typed", ["090ー1234ー5678", "０９０−１２３４−５６７８", "090-1234-5678"])
def test_a_firm_s_number_is_kept_as_a_client_s(typed: str) -> None:
    cell = Reading()
    READERS["phone"](cell, "phone", typed)
    draft, _spoken_of, _wrong = read_record({"name": "みほん製作所", "phone": typed})
    assert phones.plain(typed) == cell.values["phone"] == draft.phone == "090-1234-5678"


def test_words_keep_their_marks() -> None:
    assert phones.plain("ローラー 3本 — テーパー") == "ローラー 3本 — テーパー"
    assert phones.is_phone("+81 (3) 1234-5678")
    assert not phones.is_phone("でんわ")
    assert not phones.is_phone("123")

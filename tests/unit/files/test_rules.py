"""Who may see a document: the whole table, and how it is told in words."""

import pytest

from backend.core.i18n import use_language
from backend.files.faults import FaultCode, Unfit
from backend.files.kinds import Kind
from backend.files.models import Audience
from backend.files.rules import CLIENT, DESK, firm_key, leg_key, may_change, may_see
from backend.files.wording import refusal, remedy, what

LEG, OTHER = leg_key(7), leg_key(8)
A = Audience
TABLE = [
    # keys held, owner, shown to, (coordinators, client, consented)
    (DESK, CLIENT, [], (True, True, True)),
    (CLIENT, CLIENT, [], (True, True, True)),
    (CLIENT, DESK, [], (False, True, True)),
    (LEG, LEG, [], (True, True, True)),
    (LEG, DESK, [], (False, False, False)),
    (LEG, DESK, [LEG], (False, False, True)),
    (LEG, CLIENT, [OTHER], (False, False, False)),
    (firm_key("f"), CLIENT, [LEG], (False, False, False)),
]


@pytest.mark.parametrize(("key", "owner", "shown_to", "expected"), TABLE)
def test_who_may_see(key: str, owner: str, shown_to: list[str], expected: tuple[bool, ...]) -> None:
    assert tuple(may_see(audience, owner, shown_to, {key}) for audience in Audience) == expected


def test_nobody_without_a_key() -> None:
    assert not any(may_see(audience, DESK, [LEG], set()) for audience in Audience)


def test_who_may_change() -> None:
    assert may_change(CLIENT, {DESK})
    assert may_change(LEG, {LEG})
    assert not may_change(CLIENT, {LEG})
    assert not may_change(DESK, {CLIENT})


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("code", FaultCode)
def test_every_reason_has_words_and_a_remedy(lang: str, code: FaultCode) -> None:
    use_language(lang)
    unfit = Unfit(code, Kind.PDF.value if code is FaultCode.WRONG_ENDING else "50")
    assert what(unfit) != remedy(unfit)
    assert "%(" not in refusal("図面.pdf", unfit)
    assert refusal("図面.pdf", unfit).startswith("図面.pdf: ")

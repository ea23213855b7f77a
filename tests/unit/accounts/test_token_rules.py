"""Who keeps the tokens of an organisation: every role with every standing."""

from itertools import product

import pytest

from backend.accounts.models import Role, Standing
from backend.accounts.rules import may_keep_tokens
from backend.accounts.token_forms import read_token
from backend.accounts.token_models import MARK, new_token_id

KEEPERS = {Standing.ADMIN, Standing.SUPERVISOR}


@pytest.mark.parametrize(("role", "own"), list(product(Role, [None, *Standing])))
def test_admins_of_the_site_and_keepers_of_the_organisation(role: Role, own: Standing | None) -> None:
    assert may_keep_tokens(role, own) is (role is Role.ADMIN or own in KEEPERS)


@pytest.mark.parametrize(
    "form_id", ["", "x" * 32, MARK, MARK + "x" * 27, MARK + "../" + "x" * 23, "t\u200boken-" + "x" * 25]
)
def test_an_id_that_is_not_ours_is_made_anew(form_id: str) -> None:
    made = read_token(form_id, "生産管理", "read", "30").id
    assert made != form_id
    assert len(made) == 32


def test_an_id_of_ours_is_kept() -> None:
    ours = new_token_id()
    assert read_token(ours, "生産管理", "read", "30").id == ours

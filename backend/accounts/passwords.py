"""Passwords: argon2id, and the few rules a new one must keep."""

from functools import lru_cache
from secrets import token_urlsafe

from pwdlib import PasswordHash

from backend.core.errors import Invalid
from backend.core.i18n import gettext as _

SHORTEST = 10
LONGEST = 200

_hasher = PasswordHash.recommended()


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def matches(password: str, stored: str | None) -> bool:
    """Whether the password is right. An unknown account takes as long as a known one."""
    if len(password) > LONGEST:
        return False
    right = _hasher.verify(password, stored or _nobody())
    return right and stored is not None


def check_new(password: str) -> None:
    """Refuse a password that is too short to be safe or too long to be meant."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(
            _("入力内容に直すところがあります。"),
            {"password": _("%(low)s 文字から %(high)s 文字までにしてください。", low=SHORTEST, high=LONGEST)},
        )


@lru_cache
def _nobody() -> str:
    return _hasher.hash(token_urlsafe())

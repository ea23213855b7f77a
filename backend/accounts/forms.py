"""What people type about accounts, checked."""

import re
from typing import Self

from pydantic import BaseModel, Field, field_validator, model_validator

from backend.accounts.models import Role
from backend.core.errors import Invalid
from backend.core.i18n import gettext as _

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


class NewUser(BaseModel):
    """A person to be added by an admin."""

    email: str = Field(max_length=254)
    name: str = Field(max_length=100)
    password: str = Field(repr=False)
    role: Role
    firm_id: str | None = None

    @field_validator("email")
    @classmethod
    def _lower(cls, value: str) -> str:
        return value.strip().lower()

    @field_validator("name")
    @classmethod
    def _strip(cls, value: str) -> str:
        return value.strip()

    @model_validator(mode="after")
    def _firm_only_for_workshops(self) -> Self:
        if self.role is not Role.WORKSHOP:
            self.firm_id = None
        return self


def read_new_user(email: str, name: str, password: str, role: str, firm_id: str) -> NewUser:
    """The form as a NewUser; raises Invalid with a sentence for each field that needs mending."""
    problems = {}
    if not EMAIL.fullmatch(email.strip()) or len(email) > 254:
        problems["email"] = _("メールアドレスの形になっていません。")
    if not 1 <= len(name.strip()) <= 100:
        problems["name"] = _("名前を100文字までで入力してください。")
    if role not in set(Role):
        problems["role"] = _("役割を選んでください。")
    if problems:
        raise Invalid(_("入力内容に直すところがあります。"), problems)
    return NewUser(email=email, name=name, password=password, role=Role(role), firm_id=firm_id.strip() or None)

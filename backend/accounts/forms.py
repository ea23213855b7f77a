"""What people type about accounts, checked."""

import re
from dataclasses import dataclass
from typing import Self

from pydantic import BaseModel, Field, field_validator, model_validator

from backend.accounts.models import OrganisationKind, Role, Standing
from backend.core.errors import Invalid
from backend.core.i18n import gettext as _
from backend.core.mail import is_address


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
    if not is_address(email):
        problems["email"] = _("メールアドレスの形になっていません。")
    if not 1 <= len(name.strip()) <= 100:
        problems["name"] = _("名前を100文字までで入力してください。")
    if role not in set(Role):
        problems["role"] = _("役割を選んでください。")
    if problems:
        raise Invalid(_("入力内容に直すところがあります。"), problems)
    return NewUser(email=email, name=name, password=password, role=Role(role), firm_id=firm_id.strip() or None)


@dataclass(frozen=True)
class NewOrganisation:
    """An organisation to be added; `wards` only counts for a body of coordinators."""

    kind: OrganisationKind
    name: str
    wards: tuple[str, ...] = ()


@dataclass(frozen=True)
class Invitee:
    """Whom an invitation is for; without an address it is a letter."""

    standing: Standing
    email: str = ""
    name: str = ""
    lang: str = "ja"


def read_organisation(kind: str, name: str, wards: str) -> NewOrganisation:
    """The form as a NewOrganisation; raises Invalid with a sentence for each field that needs mending."""
    problems = {}
    if kind not in set(OrganisationKind):
        problems["kind"] = _("種類を選んでください。")
    if not 1 <= len(name.strip()) <= 120 or not name.strip().isprintable():
        problems["name"] = _("名前を120文字までで入力してください。")
    found = read_wards(wards)
    if any(len(ward) > 20 for ward in found):
        problems["wards"] = _("区の名前を「大田区、品川区」のように並べてください。")
    if problems:
        raise Invalid(_("入力内容に直すところがあります。"), problems)
    return NewOrganisation(OrganisationKind(kind), name.strip(), found)


def read_wards(typed: str) -> tuple[str, ...]:
    """The wards of a line such as 大田区、品川区."""
    return tuple(dict.fromkeys(ward for ward in re.split(r"[\s、，,・/]+", typed) if ward.isprintable() and ward))


def read_invitee(standing: str, email: str, name: str, lang: str) -> Invitee:
    """The form as an Invitee."""
    problems = {}
    if standing not in set(Standing):
        problems["standing"] = _("役割を選んでください。")
    if email.strip() and not is_address(email):
        problems["email"] = _("メールアドレスの形になっていません。")
    if len(name.strip()) > 100 or not name.strip().isprintable():
        problems["name"] = _("名前を100文字までで入力してください。")
    if problems:
        raise Invalid(_("入力内容に直すところがあります。"), problems)
    return Invitee(Standing(standing), email.strip().lower(), name.strip(), "en" if lang == "en" else "ja")


def check_person(email: str, name: str) -> tuple[str, str]:
    """Address and name of somebody who comes in by an invitation."""
    problems = {}
    if not is_address(email):
        problems["email"] = _("メールアドレスの形になっていません。")
    if not 1 <= len(name.strip()) <= 100 or not name.strip().isprintable():
        problems["name"] = _("名前を100文字までで入力してください。")
    if problems:
        raise Invalid(_("入力内容に直すところがあります。"), problems)
    return email.strip().lower(), name.strip()

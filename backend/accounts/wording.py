"""Roles in words people use."""

from backend.accounts.models import OrganisationKind, Role, Standing
from backend.core.i18n import gettext as _
from backend.core.i18n import mark

ROLE_NAMES = {
    Role.STARTUP: mark("つくりたい人"),
    Role.WORKSHOP: mark("工場の人"),
    Role.COORDINATOR: mark("コーディネーター"),
    Role.ADMIN: mark("管理者"),
}


def role_name(role: Role) -> str:
    return _(ROLE_NAMES[role])


KIND_NAMES = {
    OrganisationKind.WORKSHOP: mark("工場"),
    OrganisationKind.STARTUP: mark("スタートアップ"),
    OrganisationKind.FACILITY: mark("公設の施設"),
    OrganisationKind.COORDINATORS: mark("コーディネーターの団体"),
}
STANDING_NAMES = {
    Standing.MEMBER: mark("担当者"),
    Standing.COORDINATOR: mark("コーディネーター"),
    Standing.SUPERVISOR: mark("責任者"),
    Standing.ADMIN: mark("とりまとめ役"),
}


def standing_name(standing: Standing) -> str:
    """What somebody is in an organisation."""
    return _(STANDING_NAMES[standing])

"""Roles in words people use."""

from backend.accounts.models import Role
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

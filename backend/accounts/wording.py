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


# What the audit trail calls things, in words people use. What is not here is shown as it was written.
ACTION_NAMES = {
    "signed in": mark("ログインした"),
    "link used": mark("メールのリンクで入った"),
    "session revoked": mark("機器をやめさせた"),
    "user created": mark("利用者を加えた"),
    "user stopped": mark("利用者を停止した"),
    "user allowed": mark("利用者をまた使えるようにした"),
    "organisation created": mark("団体を加えた"),
    "wards changed": mark("受け持つ区を変えた"),
    "invited": mark("招待した"),
    "invitation revoked": mark("招待を取り消した"),
    "joined": mark("団体に入った"),
    "left": mark("団体からはずれた"),
    "job retried": mark("仕事をやり直した"),
}


def action_name(action: str) -> str:
    """What was done, as an entry of the audit trail says it."""
    return _(ACTION_NAMES.get(action, action))

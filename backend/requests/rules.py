"""What a request may say. Pure: each rule takes values and returns a value or refuses with a sentence."""

import re
import secrets
from collections.abc import Mapping
from datetime import timedelta

from backend.core import phones
from backend.core.errors import Invalid
from backend.core.i18n import gettext as _
from backend.core.mail import is_address
from backend.core.texts import printable

MAX_CHARS = 10_000
MAX_CORRECTION_CHARS = 200
LONGEST_NAME = 80
DRAFT_LIFE = timedelta(days=30)
# The parts of a reading that a person can correct, in the order in which they are shown.
CORRECTABLE = ("process", "material", "size", "tolerance", "quantity", "due", "certification")
# An answer to a question is kept beside the corrections, under the question's key with this in front.
ANSWERED = "a-"
QUESTIONS = ("quantity", "material", "grade", "finish", "size", "due", "drawing", "tolerance", "supply")
# What a person sees as one part of the reading may have been told by a correction or by these answers.
TOLD_BY = {"material": ("material", "grade"), "process": ("finish",)}
CONTACT_FIELDS = ("contact_name", "contact_organisation", "contact_email", "contact_phone")
KEPT = frozenset({*CORRECTABLE, *(ANSWERED + question for question in QUESTIONS)})
_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def new_token() -> str:
    """An address nobody can guess: 256 random bits."""
    return secrets.token_urlsafe(32)


def language_of(text: str) -> str:
    """`ja` as soon as there is one kana or kanji, else `en`."""
    return "ja" if _JAPANESE.search(text) or not text.strip() else "en"


def check_text(text: str) -> str:
    """The text as it will be kept, or the sentence that says what to change."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not unified:
        raise _refused(_("つくりたいものを、ふだんの言葉で書いてください。"))
    if len(unified) > MAX_CHARS:
        limit, count = f"{MAX_CHARS:,}", f"{len(unified):,}"
        raise _refused(
            _("文が長すぎます。%(limit)s字までに短くしてください(いま%(count)s字)。", limit=limit, count=count)
        )
    if printable(unified) != unified:
        raise _refused(_("文に、目に見えない制御文字がまじっています。取りのぞいたので、もう一度押してください。"))
    return unified


def check_corrections(corrections: Mapping[str, object]) -> dict[str, str]:
    """The corrections as they will be kept: known parts only, one short line each."""
    kept: dict[str, str] = {}
    for aspect, value in corrections.items():
        if aspect not in KEPT or not isinstance(value, str):
            raise Invalid(_("直せない項目です。"), {str(aspect): _("直せない項目です。")})
        if len(value) > MAX_CORRECTION_CHARS or printable(value) != value:
            message = _("直す内容は、%(limit)s字までの1行で書いてください。", limit=MAX_CORRECTION_CHARS)
            raise Invalid(message, {aspect: message})
        kept[aspect] = value.strip()
    return kept


def told_by(aspect: str) -> tuple[str, ...]:
    """Every key under which a person may have told this part of the reading."""
    return (aspect, *(ANSWERED + question for question in TOLD_BY.get(aspect, (aspect,))))


def check_contact(sent: Mapping[str, str]) -> dict[str, str]:
    """Who to call back: a name, and an e-mail address or a telephone number that can be one."""
    contact = {name: " ".join(printable(sent.get(name, "")).split()) for name in CONTACT_FIELDS}
    wrong = {}
    if not contact["contact_name"] or len(contact["contact_name"]) > LONGEST_NAME:
        wrong["contact_name"] = _("お名前を80字までで書いてください。")
    if len(contact["contact_organisation"]) > 120:
        wrong["contact_organisation"] = _("会社や団体の名前は120字までで書いてください。")
    wrong |= _wrong_ways(contact)
    if wrong:
        raise Invalid(_("連絡先を確かめてください。"), wrong)
    return contact


def _wrong_ways(contact: dict[str, str]) -> dict[str, str]:
    """What is wrong with the ways to reach somebody. Who telephones may have no e-mail: one of both is enough."""
    email, phone = contact["contact_email"], phones.plain(contact["contact_phone"])
    contact["contact_phone"] = phone
    if not email and not phone:
        return {"contact_email": _("メールアドレスか電話番号の、どちらかを書いてください。")}
    wrong = {}
    if email and not is_address(email):
        wrong["contact_email"] = _("メールアドレスを「name@example.jp」のように書いてください。")
    if phone and not phones.is_phone(phone):
        wrong["contact_phone"] = _("電話番号を「03-1234-5678」のように書いてください。")
    return wrong


def _refused(message: str) -> Invalid:
    return Invalid(message, {"text": message})

"""What a request may say. Pure: each rule takes values and returns a value or refuses with a sentence."""

import re
import secrets
import unicodedata
from collections.abc import Mapping
from datetime import timedelta

from backend.core.errors import Invalid
from backend.core.i18n import gettext as _

MAX_CHARS = 10_000
MAX_CORRECTION_CHARS = 200
DRAFT_LIFE = timedelta(days=30)
# The parts of a reading that a person can correct, in the order in which they are shown.
CORRECTABLE = ("process", "material", "size", "tolerance", "quantity", "due", "certification")
_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def new_token() -> str:
    """An address nobody can guess: 256 random bits."""
    return secrets.token_urlsafe(32)


def language_of(text: str) -> str:
    """`ja` as soon as there is one kana or kanji, else `en`."""
    return "ja" if _JAPANESE.search(text) or not text.strip() else "en"


def printable(text: str) -> str:
    """The text with line ends made one kind and without characters that no keyboard types."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})


def check_text(text: str) -> str:
    """The text as it will be kept, or the sentence that says what to change."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not unified:
        raise _refused(_("つくりたいものを、ふだんの言葉で書いてください。"))
    if len(unified) > MAX_CHARS:
        raise _refused(
            _("文が長すぎます。%(limit)s字までに短くしてください(いま%(count)s字)。", limit=f"{MAX_CHARS:,}", count=f"{len(unified):,}")
        )
    if printable(unified) != unified:
        raise _refused(_("文に、目に見えない制御文字がまじっています。取りのぞいたので、もう一度押してください。"))
    return unified


def check_corrections(corrections: Mapping[str, object]) -> dict[str, str]:
    """The corrections as they will be kept: known parts only, one short line each."""
    kept: dict[str, str] = {}
    for aspect, value in corrections.items():
        if aspect not in CORRECTABLE or not isinstance(value, str):
            raise Invalid(_("直せない項目です。"), {str(aspect): _("直せない項目です。")})
        if len(value) > MAX_CORRECTION_CHARS or printable(value) != value:
            message = _("直す内容は、%(limit)s字までの1行で書いてください。", limit=MAX_CORRECTION_CHARS)
            raise Invalid(message, {aspect: message})
        kept[aspect] = value.strip()
    return kept


def check_contact(name: str, organisation: str, email: str) -> dict[str, str]:
    """Who to call back: an e-mail that can be one, and a name to go with it."""
    contact = {"contact_name": printable(name).strip(), "contact_organisation": printable(organisation).strip(), "contact_email": email.strip()}
    wrong = {}
    if not contact["contact_name"] or len(contact["contact_name"]) > 80:
        wrong["contact_name"] = _("お名前を80字までで書いてください。")
    if len(contact["contact_organisation"]) > 120:
        wrong["contact_organisation"] = _("会社や団体の名前は120字までで書いてください。")
    if len(contact["contact_email"]) > 254 or not _EMAIL.fullmatch(contact["contact_email"]):
        wrong["contact_email"] = _("メールアドレスを「name@example.jp」のように書いてください。")
    if wrong:
        raise Invalid(_("連絡先を確かめてください。"), wrong)
    return contact


def _refused(message: str) -> Invalid:
    return Invalid(message, {"text": message})

"""What people type about tokens, checked, and what tokens may do in words people use."""

from dataclasses import dataclass

from backend.accounts import rules
from backend.accounts.models import Scope
from backend.accounts.token_models import MARK, new_token_id
from backend.core.errors import Invalid
from backend.core.i18n import gettext as _
from backend.core.i18n import mark

SCOPE_NAMES = {
    Scope.READ: mark("読むだけ"),
    Scope.WRITE: mark("読み書き"),
}


@dataclass(frozen=True)
class NewToken:
    """A token to be made. Its id comes with the form, so that a form sent twice makes one."""

    id: str
    name: str
    scope: Scope
    days: int


def read_token(form_id: str, name: str, scope: str, days: str) -> NewToken:
    """The form as a NewToken; raises Invalid with a sentence for each field that needs mending."""
    problems = {} if is_token_name(name) else {"name": _("名前を80文字までで入力してください。")}
    if scope not in set(Scope):
        problems["scope"] = _("できることを選んでください。")
    if days not in {str(each) for each in rules.TOKEN_DAYS}:
        problems["days"] = _("期限を選んでください。")
    if problems:
        raise Invalid(_("入力内容に直すところがあります。"), problems)
    ours = len(form_id) == 32 and form_id.startswith(MARK) and form_id.isascii() and form_id[len(MARK) :].isalnum()
    return NewToken(form_id if ours else new_token_id(), name.strip(), Scope(scope), int(days))


def read_token_name(name: str) -> str:
    if not is_token_name(name):
        sentence = _("名前を80文字までで入力してください。")
        raise Invalid(sentence, {"name": sentence})
    return name.strip()


def is_token_name(name: str) -> bool:
    return 1 <= len(name.strip()) <= 80 and name.strip().isprintable()

"""What the forms of results and ratings send. What cannot be read is refused with its field; the rest stays typed."""

from datetime import date

from backend.core.days import read_date
from backend.core.errors import Invalid
from backend.core.i18n import gettext as _
from backend.firms.rules import Answer
from backend.introductions.forms import Sent
from backend.introductions.outcomes.service import Points, Report

# People write 12万 or １２，０００円; the field asks for digits, and these are taken off first.
AROUND_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789", ",、，円¥￥ \u3000")


def read_report(sent: Sent) -> Report:
    """A report as it was typed; `outcomes.report` checks what it says."""
    return Report(
        quoted=sent.choice("quoted", Answer, Answer.UNKNOWN),
        ordered=sent.choice("ordered", Answer, Answer.UNKNOWN),
        delivered=sent.choice("delivered", Answer, Answer.UNKNOWN),
        amount_yen=_yen(sent.one("amount_yen")),
        ordered_on=_day(sent, "ordered_on"),
        delivered_on=_day(sent, "delivered_on"),
        reason=sent.one("reason"),
        words=sent.one("words"),
    )


def read_points(sent: Sent) -> Points:
    """Three figures and a word; a figure that was not chosen is 0, which no rating may be."""
    quality, delivery, cost = (_point(sent.one(name)) for name in ("quality", "delivery", "cost"))
    return Points(quality, delivery, cost, sent.one("words"))


def _point(text: str) -> int:
    return int(text) if text in {"1", "2", "3", "4", "5"} else 0


def _yen(text: str) -> int | None:
    bare = text.strip().translate(AROUND_DIGITS)
    if not bare:
        return None
    if not (bare.isascii() and bare.isdigit() and len(bare) <= 12):
        message = _("金額は「120000」のように、円の数字だけで書いてください。")
        raise Invalid(message, {"amount_yen": message})
    return int(bare)


def _day(sent: Sent, name: str) -> date | None:
    return read_date(sent.one(name), name)

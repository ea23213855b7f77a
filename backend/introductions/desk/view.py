"""Today's work as it is shown: what to do first, and how the month goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from itertools import groupby

from sqlmodel import Session

from backend.accounts.models import User
from backend.capacity.rules import FRESH_DAYS
from backend.core import clock
from backend.core.durations import duration_words
from backend.core.i18n import gettext as _
from backend.core.i18n import mark, ngettext
from backend.core.templating import short_date
from backend.introductions import reasons, tables
from backend.introductions.cases import rules as case_rules
from backend.introductions.desk import queries
from backend.introductions.desk.queries import NO_CASES, Hole, LateOffer, Pile
from backend.introductions.messages import queries as message_queries
from backend.introductions.messages.queries import Told
from backend.introductions.messages.view import content_of
from backend.introductions.models import Case, Offer
from backend.introductions.states import OfferState
from backend.matches import service as matches
from backend.matches.questions import questions_for
from backend.requests.forms import Wording
from backend.requests.models import PartRequest
from matching.days import monday_of

SHOWN, SHOWN_NEW = 8, 6
# So many answers and messages of one case are told.
LINES = 4
HOT = frozenset({"late", "holes", "changed", "left"})
FLOW: Mapping[str, str] = {
    "received": mark("相談"),
    "asked": mark("打診"),
    "introduced": mark("紹介"),
    "quoted": mark("見積"),
    "ordered": mark("成約"),
}
# The drawing of the flow: units of its own, widened for longer words.
BAR, STEP, SHORTEST = 196, 46, 8
MARGIN = {"ja": 52, "en": 92}


@dataclass(frozen=True)
class Work:
    """One line of work with the one thing to press."""

    when: str
    hot: bool
    title: str
    text: str
    href: str
    press: str
    # What came in, one line each.
    lines: tuple[str, ...] = ()
    # Whom to call about it.
    phone: str = ""


@dataclass(frozen=True)
class Section:
    """A list of work of one kind. `more` leads to all of it where more is there than shown."""

    key: str
    short: str
    title: str
    total: int
    rows: tuple[Work, ...]
    more: str = ""

    @property
    def hot(self) -> bool:
        """Whether somebody is being kept waiting."""
        return self.key in HOT


@dataclass(frozen=True)
class Bar:
    label: str
    count: int
    y: int
    width: int
    # The share that got here from the stage before; blank for the first.
    share: str


@dataclass(frozen=True)
class DeskView:
    today: datetime
    sections: tuple[Section, ...]
    bars: tuple[Bar, ...]
    month: str
    reply: str
    share: str

    @property
    def total(self) -> int:
        return sum(section.total for section in self.sections)


def desk_view(session: Session, actor: User) -> DeskView:
    """Everything on the desk of this coordinator."""
    now = clock.now()
    first = clock.in_tokyo(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    reply = case_rules.median(queries.first_replies(session, actor, first))
    tomorrow = datetime.combine(clock.in_tokyo(now).date() + timedelta(days=1), time(), clock.TOKYO)
    piles = queries.case_piles(session, actor, tomorrow, SHOWN)
    wards = queries.own_wards(session, actor)
    share = queries.share_introduced(session, wards)
    return DeskView(
        today=now,
        sections=(
            _arrived(session, actor, now),
            _late(session, actor, now),
            _holes(session, actor),
            _changed(piles.get("changed", NO_CASES), now),
            _left(piles.get("left", NO_CASES), now),
            _new(piles.get("new", NO_CASES), now),
            _due(piles.get("due", NO_CASES), now),
            _stale(session, wards),
        ),
        bars=bars(queries.flow(session, actor, first)),
        month=_("%(month)s月の流れ(案件の数)", month=first.month),
        reply="–" if reply is None else duration_words(timedelta(days=reply)),
        share="–" if share is None else f"{share:.0%}",
    )


def _arrived(session: Session, actor: User, now: datetime) -> Section:
    found, total = message_queries.arrivals(session, actor, SHOWN)
    by_case = [list(rows) for _id, rows in groupby(found, key=lambda one: one.case.id)]
    rows = tuple(_arrived_row(one, now) for one in by_case)
    return Section("arrived", _("返事・連絡"), _("返事・連絡が届いた"), total, rows, "/notices")


def _arrived_row(told: Sequence[Told], now: datetime) -> Work:
    last = told[-1]
    lines = [content_of(one) for one in told[:LINES]]
    if len(told) > LINES:
        lines.append(ngettext("ほか%(n)s件", "ほか%(n)s件", len(told) - LINES))
    return Work(
        when=case_rules.moment_words(last.notice.at, now),
        hot=False,
        title=f"{last.request.number} {last.case.title}",
        text="",
        href=f"/cases/{last.case.id}",
        press=_("読んで進める"),
        lines=tuple(lines),
    )


def _late(session: Session, actor: User, now: datetime) -> Section:
    found, total = queries.late_offers(session, actor, now, SHOWN)
    rows = tuple(_late_row(one, now) for one in found)
    return Section("late", _("返事の期限切れ"), _("返事の期限が過ぎた"), total, rows, "/cases?state=asking")


def _late_row(one: LateOffer, now: datetime) -> Work:
    asked = _("打診から%(age)s", age=case_rules.age_words(one.offer.asked_at, now))
    return Work(
        when=case_rules.over_words(one.offer.reply_by, now),
        hot=True,
        title=one.firm,
        text=f"{one.request.number} {one.case.title} ・ {asked}",
        href=f"/cases/{one.case.id}?answer={one.offer.id}#offer-{one.offer.id}",
        press=_("電話メモを開く"),
        phone=one.phone,
    )


def _holes(session: Session, actor: User) -> Section:
    found, total = queries.holes(session, actor, SHOWN)
    rows = tuple(_hole_row(one) for one in found)
    return Section("holes", _("チームの穴"), _("穴のあいたチーム"), total, rows, "/cases?state=shortlisting")


def _hole_row(hole: Hole) -> Work:
    return Work(
        when=_("%(day)sまで", day=short_date(clock.in_tokyo(hole.case.due_at))) if hole.case.due_at else "",
        hot=True,
        title=f"{hole.request.number} {hole.case.title}",
        text=f"{hole.leg.title}: {_why_gone(hole.last)}",
        href=f"/cases/{hole.case.id}/legs/{hole.leg.id}/candidates",
        press=_("代わりを選ぶ"),
    )


def _why_gone(last: Offer | None) -> str:
    if last is None:
        return _("受ける工場がいません")
    state = _(tables.OFFER_LABELS[last.state])
    known = last.state is OfferState.DECLINED and last.reason in reasons.DECLINE_REASONS
    return f"{state}({_(reasons.DECLINE_REASONS[last.reason])})" if known else state


def _new(pile: Pile, now: datetime) -> Section:
    found, total = pile
    rows = tuple(_new_row(one, kept, now) for one, kept in found[:SHOWN_NEW])
    return Section("new", _("新しい相談"), _("新しい相談"), total, rows, "/cases?state=received")


def _new_row(one: Case, kept: PartRequest, now: datetime) -> Work:
    missing = open_questions(kept.text, tuple(sorted(kept.corrections.items())), str(clock.today()))
    told = ngettext("足りないこと%(n)sつ", "足りないこと%(n)sつ", missing) if missing else _("足りないことなし")
    who = kept.contact_organisation or kept.contact_name
    return Work(
        when=case_rules.moment_words(one.created_at, now),
        hot=one.due_at is not None and one.due_at < now,
        title=one.title,
        text=" ・ ".join(part for part in (kept.number, who, told) if part),
        href=f"/cases/{one.id}",
        press=_("内容を確かめる"),
    )


def _changed(pile: Pile, now: datetime) -> Section:
    found, total = pile
    rows = tuple(
        Work(
            when=case_rules.moment_words(one.updated_at, now),
            hot=True,
            title=f"{kept.number} {one.title}",
            text=_("依頼の内容が変わりました。打診した会社へ知らせてください"),
            href=f"/cases/{one.id}#change",
            press=_("変更を見る"),
        )
        for one, kept in found
    )
    return Section("changed", _("依頼の変更"), _("依頼の内容が変わった"), total, rows, "/cases")


def _left(pile: Pile, now: datetime) -> Section:
    found, total = pile
    rows = tuple(
        Work(
            when=case_rules.age_words(one.entered_at, now),
            hot=True,
            title=f"{kept.number} {one.title}",
            text=_("「%(state)s」のまま、担当者がいません", state=_(tables.STATES[one.state].label)),
            href=f"/cases/{one.id}",
            press=_("引き受ける"),
        )
        for one, kept in found
    )
    title = _("進行中なのに担当者がいません")
    return Section("left", _("進行中で担当者なし"), title, total, rows, "/cases?state=running&whose=nobody")


def _due(pile: Pile, now: datetime) -> Section:
    found, total = pile
    rows = tuple(_due_row(one, kept, now) for one, kept in found)
    return Section("due", _("今日が期限"), _("今日が期限"), total, rows, "/cases?due=today")


def _due_row(one: Case, kept: PartRequest, now: datetime) -> Work:
    due = one.due_at or now
    rule = tables.STATES[one.state]
    return Work(
        when=case_rules.over_words(due, now) if due < now else _("%(hour)sまで", hour=f"{clock.in_tokyo(due):%H:%M}"),
        hot=due < now,
        title=f"{kept.number} {one.title}",
        text=_(rule.label),
        href=f"/cases/{one.id}",
        press=_(rule.next_step),
    )


def _stale(session: Session, wards: frozenset[str] | None) -> Section:
    today = clock.today()
    before = datetime.combine(today - timedelta(days=FRESH_DAYS), time(), clock.TOKYO)
    found = queries.stale_firms(session, wards, monday_of(today), before)
    title = _("空きが古い工場")
    if not found.count or not found.oldest or not found.newest:
        return Section("stale", title, title, 0, ())
    ages = [(today - clock.in_tokyo(at).date()).days for at in (found.newest, found.oldest)]
    span = _("%(least)s日〜%(most)s日", least=ages[0], most=ages[1])
    others = ngettext("%(name)s ほか%(n)s社", "%(name)s ほか%(n)s社", found.count - 1, name=found.name)
    row = Work(
        when=span if ages[0] != ages[1] else ngettext("%(n)s日", "%(n)s日", ages[0]),
        hot=False,
        title=others if found.count > 1 else found.name,
        text=_("最後の連絡から%(days)s日以上たっています。空きは聞きなおしてから使います", days=FRESH_DAYS + 1),
        href="/capacity",
        press=_("まとめて聞く"),
    )
    return Section("stale", title, title, found.count, (row,))


def bars(counts: Mapping[str, int]) -> tuple[Bar, ...]:
    """The flow of a month as bars. The longest is as wide as there is room."""
    most = max((counts.get(key, 0) for key in FLOW), default=0)
    found: list[Bar] = []
    for place, (key, label) in enumerate(FLOW.items()):
        count = counts.get(key, 0)
        before = found[-1].count if found else 0
        width = max(SHORTEST, round(BAR * count / most)) if count else 0
        found.append(Bar(_(label), count, place * STEP, width, f"{count / before:.0%}" if before else ""))
    return tuple(found)


@lru_cache(maxsize=512)
def open_questions(text: str, corrections: tuple[tuple[str, str], ...], _day: str) -> int:
    """How many questions a request leaves open. Read again each day, because dates are."""
    need, _wrong = matches.as_shown(Wording(text, dict(corrections)))
    return len(questions_for(need, dict(corrections)).open)

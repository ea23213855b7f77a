"""What people are told in the page when something happens in a case: the same events as the mails."""

from collections.abc import Iterable

from sqlmodel import Session

from backend.accounts.reach_queries import people_of_firm, supervisors_of_ward
from backend.core.i18n import mark
from backend.introductions import people, queries, tables
from backend.introductions.models import Case, Notification, Offer
from backend.introductions.states import Party

WORDS = {
    "case-taken": mark("コーディネーターが担当になりました"),
    "case-answers": mark("工場の返事がそろいました"),
    "case-introduced": mark("紹介されました"),
    "case-ordered": mark("注文が決まりました"),
    "case-delivered": mark("納品されました"),
    "case-undelivered": mark("納品の知らせが取り消されました"),
    "case-ended": mark("案件が終わりました"),
    "case-withdrawn": mark("依頼者が相談を取り下げました"),
    "case-reminder": mark("お返事をお待ちしています"),
    "case-escalated": mark("案件が止まっています"),
    "case-changed": mark("依頼の内容が変わりました。打診した会社へ知らせてください"),
    "case-address": mark("進み具合のページのアドレスが変わりました"),
    "case-edited": mark("依頼の内容が変わりました"),
    "work-changed": mark("ご紹介した仕事の内容が変わりました"),
    "order-unbooked": mark("注文が決まりましたが、工場の空き時間を押さえられませんでした"),
    "offer": mark("仕事のご案内が届きました"),
    "offer-changed": mark("おたずねした仕事の内容が変わりました"),
    "offer-link": mark("貴社のページのリンクが新しくなりました"),
    "offer-answered": mark("工場の返事が届きました"),
    "offer-cancelled": mark("打診が取り消されました"),
    "offer-agreed": mark("依頼者が承諾しました"),
    "offer-not-chosen": mark("今回は選ばれませんでした"),
    "offer-dropped": mark("工場が辞退しました"),
    "message": mark("連絡が届きました"),
    "outcome": mark("結果が届きました"),
    "rating": mark("評価が届きました"),
}


def add(
    session: Session, case: Case, event: str, party: Party, offer: Offer | None = None, message_id: str | None = None
) -> None:
    """One row for everybody of this party who has an account."""
    for user_id in dict.fromkeys(_people(session, case, party, offer)):
        session.add(
            Notification(
                user_id=user_id,
                case_id=case.id or 0,
                action=event,
                offer_id=offer.id if offer else None,
                message_id=message_id,
            )
        )


def _people(session: Session, case: Case, party: Party, offer: Offer | None) -> Iterable[str]:
    if party is Party.CLIENT:
        owner = queries.user_by_id(session, queries.request_of(session, case).owner_id)
        return [owner.id] if owner is not None and owner.active else []
    if party is Party.FIRM:
        known = [o.firm_id for o in queries.offers_of(session, case.id or 0) if o.state in tables.DISCLOSED]
        firms = [offer.firm_id] if offer else dict.fromkeys(known)
        return [user.id for firm_id in firms for user in people_of_firm(session, firm_id)]
    if party is Party.SYSTEM:
        return [user.id for user in supervisors_of_ward(session, queries.request_of(session, case).ward)]
    return [user.id for user in people.at_desk(session, case)]

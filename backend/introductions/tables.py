"""The workflow of a case as tables: who may do what in which state, who is waited for, and what mails go out.

`docs/reference/case-states.md` is drawn from these tables; rules.py asks them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.core.i18n import mark
from backend.introductions.states import CaseState as C
from backend.introductions.states import LegState as L
from backend.introductions.states import OfferState as O
from backend.introductions.states import Party as P  # noqa: N817 - the table reads better with one letter


@dataclass(frozen=True)
class Transition:
    """One move. `mails` go out with it: (event, to whom)."""

    action: str
    label: str
    sources: frozenset[C]
    target: C
    who: frozenset[P]
    mails: tuple[tuple[str, P], ...] = ()
    needs_reason: bool = False


@dataclass(frozen=True)
class StateRule:
    """What holds while a case is in a state. Days are working days; none means that nothing is waited for.

    `remind` is how long before the deadline whoever must act hears of it; `escalate` is how long after it the
    coordinator's supervisor does; `lapse` is the action that silence takes in the end, `lapse_days` after the deadline.
    """

    label: str
    label_for_client: str
    owner: P
    days: int | None = None
    remind: int | None = None
    escalate: int | None = None
    lapse: str = ""
    lapse_days: int = 0
    next_step: str = ""


STATES: Mapping[C, StateRule] = {
    C.RECEIVED: StateRule(
        mark("相談受付"), mark("ご相談を受け付けました"), P.COORDINATOR, 1, 0, 2, next_step=mark("内容を確かめる")
    ),
    C.CLARIFYING: StateRule(
        mark("要件整理"),
        mark("内容を確かめています"),
        P.CLIENT,
        5,
        2,
        3,
        lapse="expire",
        lapse_days=20,
        next_step=mark("足りないことを聞く"),
    ),
    C.SHORTLISTING: StateRule(
        mark("工場さがし"), mark("工場を探しています"), P.COORDINATOR, 3, 1, 2, next_step=mark("候補を選んで打診する")
    ),
    C.ASKING: StateRule(
        mark("匿名打診"),
        mark("工場にたずねています"),
        P.FIRM,
        4,
        1,
        2,
        next_step=mark("返事を待つ・電話で聞く"),
    ),
    C.ANSWERED: StateRule(
        mark("意向確認"),
        mark("受けられる工場が見つかりました"),
        P.CLIENT,
        5,
        2,
        3,
        lapse="expire",
        lapse_days=20,
        next_step=mark("依頼者の承諾をもらう"),
    ),
    C.AGREED: StateRule(
        mark("双方承諾"), mark("まもなくご紹介します"), P.COORDINATOR, 1, 0, 2, next_step=mark("紹介する")
    ),
    C.INTRODUCED: StateRule(
        mark("紹介"), mark("ご紹介しました"), P.CLIENT, 10, 3, 5, next_step=mark("見積の様子を聞く")
    ),
    C.NEGOTIATING: StateRule(
        mark("見積・商談"), mark("見積・打合せ中です"), P.CLIENT, 15, 5, 5, next_step=mark("結果を聞く")
    ),
    C.ORDERED: StateRule(mark("成約"), mark("注文が決まりました"), P.FIRM, 10, 3, 5, next_step=mark("着手を確かめる")),
    C.MAKING: StateRule(mark("製作中"), mark("製作中です"), P.FIRM, 20, 5, 5, next_step=mark("納品を確かめる")),
    C.DELIVERED: StateRule(
        mark("納品"),
        mark("納品されました。ご感想をお聞かせください"),
        P.CLIENT,
        10,
        5,
        5,
        lapse="close",
        lapse_days=10,
        next_step=mark("評価をもらって完了する"),
    ),
    C.CLOSED: StateRule(mark("評価・完了"), mark("完了しました"), P.COORDINATOR),
    C.LOST: StateRule(mark("不成約"), mark("今回は成約になりませんでした"), P.COORDINATOR),
    C.WITHDRAWN: StateRule(mark("取り下げ"), mark("取り下げられました"), P.COORDINATOR),
    C.EXPIRED: StateRule(mark("期限切れ"), mark("お返事がなく、いったん終わりにしました"), P.COORDINATOR),
}

ENDED = frozenset({C.CLOSED, C.LOST, C.WITHDRAWN, C.EXPIRED})
RUNNING = frozenset(C) - ENDED
BEFORE_ASKING = frozenset({C.RECEIVED, C.CLARIFYING, C.SHORTLISTING})
# While firms are asked and the client chooses.
LOOKING = frozenset({C.ASKING, C.ANSWERED, C.AGREED})
# Before anybody is introduced: who does it is still open.
PLANNABLE = BEFORE_ASKING | LOOKING
WITH_FIRMS = frozenset({C.ASKING, C.ANSWERED, C.AGREED, C.INTRODUCED, C.NEGOTIATING})
AFTER_ORDER = frozenset({C.ORDERED, C.MAKING, C.DELIVERED})
COORDINATOR, CLIENT, SYSTEM = frozenset({P.COORDINATOR}), frozenset({P.CLIENT}), frozenset({P.SYSTEM})
ANYBODY = frozenset({P.COORDINATOR, P.CLIENT, P.FIRM})


def _on(*states: C) -> frozenset[C]:
    return frozenset(states)


TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        "take", mark("内容を確かめはじめる"), _on(C.RECEIVED), C.CLARIFYING, COORDINATOR, (("case-taken", P.CLIENT),)
    ),
    Transition("clear", mark("工場さがしへ進める"), _on(C.RECEIVED, C.CLARIFYING), C.SHORTLISTING, COORDINATOR),
    Transition("unclear", mark("内容の確かめに戻す"), _on(C.SHORTLISTING), C.CLARIFYING, COORDINATOR),
    Transition("ask", mark("打診する"), BEFORE_ASKING | {C.ANSWERED, C.ASKING}, C.ASKING, COORDINATOR),
    Transition(
        "answers",
        mark("返事がそろった"),
        _on(C.SHORTLISTING, C.ASKING, C.AGREED),
        C.ANSWERED,
        SYSTEM,
        (("case-answers", P.CLIENT),),
    ),
    Transition("unanswered", mark("返事を待つ工程がある"), _on(C.ANSWERED, C.AGREED), C.ASKING, SYSTEM),
    Transition("exhausted", mark("受ける工場がなくなった"), LOOKING, C.SHORTLISTING, SYSTEM),
    Transition("shortlist", mark("候補を選びなおす"), _on(C.ASKING, C.ANSWERED), C.SHORTLISTING, COORDINATOR),
    Transition("agree", mark("双方が承諾した"), _on(C.SHORTLISTING, C.ASKING, C.ANSWERED), C.AGREED, SYSTEM),
    # Again from later states: a client who compares quotations may want one more firm.
    Transition(
        "introduce",
        mark("紹介する"),
        _on(C.AGREED, C.INTRODUCED, C.NEGOTIATING),
        C.INTRODUCED,
        COORDINATOR,
        (("case-introduced", P.CLIENT),),
    ),
    Transition("negotiate", mark("見積・商談に入った"), _on(C.INTRODUCED), C.NEGOTIATING, ANYBODY),
    Transition(
        "order",
        mark("成約した"),
        _on(C.INTRODUCED, C.NEGOTIATING),
        C.ORDERED,
        ANYBODY,
        (("case-ordered", P.CLIENT), ("case-ordered", P.FIRM)),
    ),
    Transition("start", mark("製作に入った"), _on(C.ORDERED), C.MAKING, ANYBODY),
    Transition("unstart", mark("着手が取り消された"), _on(C.MAKING), C.ORDERED, SYSTEM),
    Transition(
        "deliver",
        mark("納品した"),
        _on(C.ORDERED, C.MAKING),
        C.DELIVERED,
        ANYBODY,
        (("case-delivered", P.CLIENT), ("case-delivered", P.FIRM)),
    ),
    Transition("rework", mark("手直しになった"), _on(C.DELIVERED), C.MAKING, SYSTEM),
    # The mail about the delivery told of what did not happen: who read it hears so.
    Transition(
        "undeliver",
        mark("納品の知らせを取り消した"),
        _on(C.DELIVERED),
        C.MAKING,
        SYSTEM,
        (("case-undelivered", P.CLIENT), ("case-undelivered", P.COORDINATOR)),
    ),
    Transition("close", mark("完了にする"), _on(C.DELIVERED), C.CLOSED, COORDINATOR | SYSTEM),
    Transition(
        "hole",
        mark("工場が抜けた"),
        _on(C.INTRODUCED, C.NEGOTIATING, C.ORDERED, C.MAKING),
        C.SHORTLISTING,
        SYSTEM,
    ),
    Transition(
        "lose",
        mark("不成約にする"),
        WITH_FIRMS | BEFORE_ASKING | {C.ORDERED},
        C.LOST,
        COORDINATOR,
        (("case-ended", P.CLIENT),),
        needs_reason=True,
    ),
    Transition(
        "withdraw",
        mark("取り下げる"),
        RUNNING - {C.DELIVERED},
        C.WITHDRAWN,
        COORDINATOR | CLIENT,
        (("case-ended", P.CLIENT),),
        needs_reason=True,
    ),
    Transition(
        "expire",
        mark("期限切れにする"),
        _on(C.CLARIFYING, C.ANSWERED),
        C.EXPIRED,
        COORDINATOR | SYSTEM,
        (("case-ended", P.CLIENT),),
    ),
    Transition(
        "reopen", mark("もう一度始める"), _on(C.LOST, C.WITHDRAWN, C.EXPIRED), C.SHORTLISTING, COORDINATOR | CLIENT
    ),
    Transition("unclose", mark("完了を取り消す"), _on(C.CLOSED), C.DELIVERED, COORDINATOR),
)
BY_ACTION = {transition.action: transition for transition in TRANSITIONS}


@dataclass(frozen=True)
class OfferMove:
    """One move of an offer, by whom, and the mail that goes out with it."""

    action: str
    label: str
    sources: frozenset[O]
    target: O
    who: frozenset[P]
    mails: tuple[tuple[str, P], ...] = ()


# A firm may change its mind until the client has agreed.
UNDECIDED = frozenset({O.ASKED, O.SILENT, O.WILLING, O.CONDITIONAL, O.DECLINED})
READY = frozenset({O.WILLING, O.CONDITIONAL})
AGREED_ON = frozenset({O.AGREED, O.INTRODUCED, O.QUOTED, O.WON})
# Whoever is asked, or was and has not been introduced, hears of a change by the coordinator.
HEARS_BY_DESK = READY | {O.ASKED, O.AGREED}
# Whoever was asked and has not heard what became of it.
UNTOLD = READY | {O.ASKED, O.SILENT}
# From which a leg can still get its firm.
ALIVE = READY | AGREED_ON | {O.ASKED}
# From here on each side knows who the other is.
DISCLOSED = frozenset({O.INTRODUCED, O.QUOTED, O.WON})
FIRM_OR_DESK = frozenset({P.FIRM, P.COORDINATOR})
CLIENT_OR_DESK = frozenset({P.CLIENT, P.COORDINATOR})

OFFER_MOVES: tuple[OfferMove, ...] = (
    OfferMove(
        "raise_hand", mark("手を挙げる"), UNDECIDED, O.WILLING, FIRM_OR_DESK, (("offer-answered", P.COORDINATOR),)
    ),
    OfferMove(
        "conditional", mark("条件付き"), UNDECIDED, O.CONDITIONAL, FIRM_OR_DESK, (("offer-answered", P.COORDINATOR),)
    ),
    OfferMove("decline", mark("見送り"), UNDECIDED, O.DECLINED, FIRM_OR_DESK, (("offer-answered", P.COORDINATOR),)),
    OfferMove("take_back", mark("返事を取り消す"), READY | {O.DECLINED}, O.ASKED, FIRM_OR_DESK),
    OfferMove("lapse", mark("返事がない"), frozenset({O.ASKED}), O.SILENT, SYSTEM),
    OfferMove(
        "cancel",
        mark("打診を取り消す"),
        frozenset({O.ASKED, O.SILENT}) | READY,
        O.CANCELLED,
        COORDINATOR | SYSTEM,
        (("offer-cancelled", P.FIRM),),
    ),
    OfferMove(
        "ask_again",
        mark("もう一度たずねる"),
        frozenset({O.CANCELLED, O.SILENT, O.DECLINED, O.NOT_CHOSEN, O.DROPPED_OUT}),
        O.ASKED,
        COORDINATOR,
        (("offer", P.FIRM),),
    ),
    # What it said before was said to something else.
    OfferMove(
        "ask_to_confirm",
        mark("変わった内容を知らせた"),
        frozenset({O.ASKED, O.AGREED}) | READY,
        O.ASKED,
        COORDINATOR,
        (("offer-changed", P.FIRM),),
    ),
    OfferMove("agree_to", mark("承諾する"), READY, O.AGREED, CLIENT_OR_DESK, (("offer-agreed", P.FIRM),)),
    OfferMove("disagree", mark("承諾を取り消す"), frozenset({O.AGREED}), O.WILLING, CLIENT_OR_DESK),
    OfferMove(
        "introduce_firm",
        mark("紹介した"),
        frozenset({O.AGREED}),
        O.INTRODUCED,
        COORDINATOR,
        (("case-introduced", P.FIRM),),
    ),
    OfferMove("quote", mark("見積が出た"), frozenset({O.INTRODUCED}), O.QUOTED, ANYBODY),
    # Somebody slipped on its telephone: one step back, for whoever told of it.
    OfferMove("unquote", mark("見積の知らせを取り消す"), frozenset({O.QUOTED}), O.INTRODUCED, FIRM_OR_DESK),
    OfferMove("win", mark("注文が決まった"), frozenset({O.INTRODUCED, O.QUOTED}), O.WON, ANYBODY),
    OfferMove(
        "pass_over",
        mark("今回は見送る"),
        READY | {O.ASKED, O.SILENT, O.AGREED, O.INTRODUCED, O.QUOTED},
        O.NOT_CHOSEN,
        CLIENT_OR_DESK | {P.SYSTEM},
        (("offer-not-chosen", P.FIRM),),
    ),
    OfferMove(
        "call_off",
        mark("注文を取りやめる"),
        frozenset({O.WON}),
        O.NOT_CHOSEN,
        COORDINATOR | SYSTEM,
        (("offer-not-chosen", P.FIRM),),
    ),
    OfferMove(
        "drop_out", mark("辞退する"), AGREED_ON, O.DROPPED_OUT, FIRM_OR_DESK, (("offer-dropped", P.COORDINATOR),)
    ),
)
# What goes to a firm when it is asked. Asking makes the offer, so it is no move of one.
ASKING = "offer"
ASKING_MAIL = OfferMove("ask", mark("打診する"), frozenset(), O.ASKED, COORDINATOR, ((ASKING, P.FIRM),))
OFFER_BY_ACTION = {move.action: move for move in OFFER_MOVES}
OFFER_LABELS: Mapping[O, str] = {
    O.ASKED: mark("打診中"),
    O.WILLING: mark("受ける"),
    O.CONDITIONAL: mark("条件付き"),
    O.DECLINED: mark("見送り"),
    O.SILENT: mark("返事なし"),
    O.CANCELLED: mark("打診取消"),
    O.AGREED: mark("双方承諾"),
    O.INTRODUCED: mark("紹介済み"),
    O.QUOTED: mark("見積・商談"),
    O.WON: mark("成約"),
    O.NOT_CHOSEN: mark("選ばれず"),
    O.DROPPED_OUT: mark("辞退"),
}
LEG_LABELS: Mapping[L, str] = {
    L.OPEN: mark("工場さがし"),
    L.FILLED: mark("工場が決まった"),
    L.ORDERED: mark("発注済み"),
    L.MAKING: mark("製作中"),
    L.HANDED_OVER: mark("渡した"),
    L.ACCEPTED: mark("検収済み"),
}
# An open leg is called by how far its offers have come, the furthest first, in the words of offers and cases.
OPEN_LEG_LABELS: tuple[tuple[frozenset[O], str], ...] = (
    (frozenset({O.QUOTED}), OFFER_LABELS[O.QUOTED]),
    (frozenset({O.INTRODUCED}), OFFER_LABELS[O.INTRODUCED]),
    (frozenset({O.AGREED}), OFFER_LABELS[O.AGREED]),
    (READY, STATES[C.ANSWERED].label),
    (frozenset({O.ASKED}), OFFER_LABELS[O.ASKED]),
)
# The first that a state takes is the usual next one; what takes a word back stands last.
LEG_MOVES: Mapping[str, tuple[frozenset[L], L, str]] = {
    "order_leg": (frozenset({L.FILLED}), L.ORDERED, mark("発注した")),
    "start_leg": (frozenset({L.ORDERED}), L.MAKING, mark("着手した")),
    "hand_over": (frozenset({L.ORDERED, L.MAKING}), L.HANDED_OVER, mark("次へ渡した")),
    "accept_leg": (frozenset({L.HANDED_OVER}), L.ACCEPTED, mark("検査に合格した")),
    "send_back": (frozenset({L.HANDED_OVER}), L.MAKING, mark("手直しに戻した")),
    "undo_start": (frozenset({L.MAKING}), L.ORDERED, mark("着手の知らせを取り消す")),
    "undo_hand_over": (frozenset({L.HANDED_OVER}), L.MAKING, mark("渡した知らせを取り消す")),
}
# Work that has left the firm: no order can be called off any more, and no firm can leave.
HANDED_ON = frozenset({L.HANDED_OVER, L.ACCEPTED})

# What else is written into the history of a case.
OTHER_LABELS: Mapping[str, str] = {
    "open": mark("相談を受け付けた"),
    "take over": mark("担当を決めた"),
    "change address": mark("依頼者のページのアドレスを変えた"),
    "change link": mark("工場の返事のリンクを作り直した"),
    "describe": mark("案件の名前や依頼者を書いた"),
    "remark": mark("メモ"),
    "changed": mark("依頼の内容が変わった"),
    "change left": mark("変わった内容を工場へ知らせないことにした"),
    "legs": mark("工程を決めた"),
    "nda": mark("秘密保持の様子が変わった"),
    "off_team": mark("決めたチームと違う工場なので、日程と注文する人を消した"),
    "order items": mark("注文のときに示したことを書きとめた"),
    "unbooked": mark("空き時間を押さえられなかった"),
    "reminded": mark("お知らせを送った"),
    "escalated": mark("責任者に知らせた"),
    "report": mark("結果を知らせた"),
    "rate": mark("評価した"),
    "comment": mark("評価に返事をした"),
}
# Every action by its words, for the history and the audit trail. A move of the case and one of an offer may share them.
LABELS: Mapping[str, str] = {
    **{made.action: made.label for made in OFFER_MOVES},
    **{transition.action: transition.label for transition in TRANSITIONS},
    **{action: label for action, (_sources, _target, label) in LEG_MOVES.items()},
    **OTHER_LABELS,
}

"""Who orders from whom, what is handed over where and when, and what the law may ask of each order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from backend.core.i18n import gettext as _
from backend.core.i18n import language, term
from backend.firms.models import Firm
from backend.matches import words
from backend.teams import team_words
from backend.teams.legs_rules import ORDER_ITEMS, Hint, LegLaw, Missing, Party, leg_law
from backend.teams.solving import Shown
from backend.teams.team_case import Case
from backend.teams.what_if import MAN_YEN, OrderKind, WhatIf
from matching.composition.geography import arcs_km
from matching.types import Phrase, Verdict

# Stands for those who are in no register.
REQUESTER, JOINT_BODY = "requester", "joint"


@dataclass(frozen=True)
class Order:
    """One order between two parties, by their ids."""

    orderer: str
    supplier: str


@dataclass(frozen=True)
class Leg:
    """One firm's part of the job."""

    firm_id: str
    name: str
    ward: str
    lead: bool
    numbers: str
    steps: str
    step_ids: tuple[str, ...]
    orderer: str
    when: str
    # What to ask this firm before it is approached.
    questions: tuple[str, ...]
    against: tuple[str, ...]
    law: "LawWords | None"


@dataclass(frozen=True)
class LawWords:
    """The hint about an order: a short verdict, the facts it rests on, and what to ask."""

    verdict: str
    kind: str
    facts: str
    freelance: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Move:
    """The part on its way from one place to the next."""

    origin: str
    target: str
    km: str
    day: date
    what: str
    known: bool | None
    pair: tuple[str, str] | None


def orders(kind: OrderKind, lead: str, firm_ids: Sequence[str], neighbours: Sequence[tuple[str, str]]) -> list[Order]:
    """Who orders from whom. `neighbours` are pairs of firms between whom the part passes."""
    if kind is OrderKind.JOINT:
        return [Order(JOINT_BODY, firm) for firm in firm_ids]
    found = [Order(REQUESTER, lead)]
    if kind is OrderKind.STAR:
        return found + [Order(lead, firm) for firm in firm_ids if firm != lead]
    # Outwards from the lead firm, each one orders from its neighbours that nobody has ordered from yet.
    reached = [lead]
    for firm in reached:
        near = [b if a == firm else a for a, b in neighbours if firm in {a, b}]
        fresh = [other for other in dict.fromkeys(near) if other not in reached]
        found += [Order(firm, other) for other in fresh]
        reached += fresh
    return found + [Order(lead, firm) for firm in firm_ids if firm not in reached]


def neighbours(case: Case, shown: Shown) -> list[tuple[str, str]]:
    """The pairs of different firms between whom the part passes, in the order of the work."""
    pairs = ((shown.ids[a], shown.ids[i]) for i, step in enumerate(case.steps) for a in step.after)
    return list(dict.fromkeys(pair for pair in pairs if pair[0] != pair[1]))


def legs(case: Case, shown: Shown, wish: WhatIf, firms: Mapping[str, Firm], *, staff: bool) -> tuple[Leg, ...]:
    """One entry for each firm, in the order of the work."""
    ids = list(dict.fromkeys(shown.ids))
    by_supplier = {o.supplier: o for o in orders(wish.order, shown.team.lead_firm, ids, neighbours(case, shown))}
    return tuple(_leg(case, shown, wish, by_supplier[id_], firms, staff=staff) for id_ in ids)


def _leg(case: Case, shown: Shown, wish: WhatIf, order: Order, firms: Mapping[str, Firm], *, staff: bool) -> Leg:
    id_ = order.supplier
    facts = case.facts[id_]
    places = [i for i, firm in enumerate(shown.ids) if firm == id_]
    works = [shown.works[i] for i in places]
    checks = [check for i in places if (option := case.option(i, id_)) for check in option.candidate.checks]
    return Leg(
        firm_id=id_,
        name=facts.name,
        ward=facts.ward,
        lead=id_ == shown.team.lead_firm,
        numbers="・".join(str(i + 1) for i in places),
        steps=team_words.listed(
            f"{team_words.step_name(case.steps[i])} {team_words.hours(case.steps[i].hours.likely)}" for i in places
        ),
        step_ids=tuple(case.steps[i].id for i in places),
        orderer=party_name(case, order.orderer),
        when=team_words.span(min(w.start for w in works), max(w.finish for w in works)),
        questions=_said(check.question for check in checks if check.verdict is Verdict.UNKNOWN) if staff else (),
        against=_said(check.fact for check in checks if check.verdict is Verdict.NO) if staff else (),
        law=_law(case, wish, order, firms) if staff else None,
    )


def _said(phrases: Iterable[Phrase | None]) -> tuple[str, ...]:
    lang = language()
    return tuple(dict.fromkeys(phrase.text(lang) for phrase in phrases if phrase))


def party_name(case: Case, party: str) -> str:
    if party == REQUESTER:
        return case.kept.contact_organisation or case.kept.contact_name or _("ご依頼者")
    if party == JOINT_BODY:
        return _("共同受注の会社")
    return case.facts[party].name


def _law(case: Case, wish: WhatIf, order: Order, firms: Mapping[str, Firm]) -> LawWords:
    orderer, supplier = _party(wish, order.orderer, firms), _party(wish, order.supplier, firms)
    law = leg_law(orderer, supplier)
    names = (party_name(case, order.orderer), party_name(case, order.supplier))
    return LawWords(
        verdict=law_verdict(law),
        kind={Hint.YES: "yes", Hint.NO: "no", Hint.UNKNOWN: "unknown"}[law.subcontract],
        facts=_facts(law, names, orderer, supplier),
        freelance=freelance_words(law),
        questions=tuple(_question(missing, names) for missing in law.missing),
    )


def _party(wish: WhatIf, party: str, firms: Mapping[str, Firm]) -> Party:
    if party == REQUESTER:
        capital = None if wish.capital_man is None else wish.capital_man * MAN_YEN
        return Party(capital, wish.people)
    firm = firms.get(party)
    return Party(firm.capital_yen, firm.employees) if firm else Party()


def law_verdict(law: LegLaw) -> str:
    return {
        Hint.YES: _("取適法の対象になりそうです。"),
        Hint.NO: _("取適法は対象外の見込みです。"),
        Hint.UNKNOWN: _("取適法に当たるか、まだわかりません。"),
    }[law.subcontract]


def _facts(law: LegLaw, names: tuple[str, str], orderer: Party, supplier: Party) -> str:
    one, other = _known(names[0], orderer), _known(names[1], supplier)
    if law.subcontract is Hint.YES:
        said = _("委託事業者 %(orderer)s → 中小受託事業者 %(supplier)s。", orderer=one, supplier=other)
        return said + _("注文と同時に4条明示、支払いは受領から60日以内。")
    return _("%(orderer)s → %(supplier)s。", orderer=one, supplier=other)


def _known(name: str, party: Party) -> str:
    said = [] if party.capital_yen is None else [_("資本金%(capital)s", capital=capital_words(party.capital_yen))]
    said += [] if party.people is None else [_("%(people)s人", people=words.number(party.people))]
    return _("%(name)s(%(facts)s)", name=name, facts=team_words.listed(said)) if said else name


def capital_words(yen: int) -> str:
    """2,000万円, 3億円, or ¥20 million."""
    if language() == "en":
        return f"¥{words.number(yen / 1_000_000)} million"
    if yen >= 100_000_000:
        return f"{words.number(yen / 100_000_000)}億円"
    return f"{words.number(yen / MAN_YEN)}万円"


def freelance_words(law: LegLaw) -> str:
    if law.freelance is Hint.YES:
        return _("一人の事業所です(フリーランス法)。条件を書面かメールで先に渡し、支払いは60日以内。")
    if law.freelance is Hint.UNKNOWN:
        return _("一人の事業所なら、フリーランス法も当たります。")
    return ""


def _question(missing: Missing, names: tuple[str, str]) -> str:
    return {
        Missing.ORDERER_CAPITAL: _("%(name)sの資本金はいくらですか。", name=names[0]),
        Missing.ORDERER_PEOPLE: _("%(name)sで働く人は何人ですか。", name=names[0]),
        Missing.SUPPLIER_CAPITAL: _("%(name)sの資本金はいくらですか。", name=names[1]),
        Missing.SUPPLIER_PEOPLE: _("%(name)sで働く人は何人ですか。", name=names[1]),
    }[missing]


def promised_items() -> tuple[str, ...]:
    """The items of the written order (4条明示), as a list to tick."""
    return tuple(_(item) for item in ORDER_ITEMS.values())


def moves(case: Case, shown: Shown, pairs: frozenset[frozenset[str]], *, staff: bool) -> tuple[Move, ...]:
    """Every way the part goes: to the first firms, from firm to firm, and to the one who asked."""
    after = {a for step in case.steps for a in step.after}
    found = [_to_first(case, shown, i) for i, step in enumerate(case.steps) if not step.after]
    for i, step in enumerate(case.steps):
        found += [_between(case, shown, a, i, pairs, staff=staff) for a in step.after if shown.ids[a] != shown.ids[i]]
    found += [_to_the_end(case, shown, i) for i in range(len(case.steps)) if i not in after]
    return tuple(found)


def _firm_place(case: Case, firm_id: str) -> str:
    facts = case.facts[firm_id]
    return f"{term(facts.ward)} {facts.name}".strip()


def _to_first(case: Case, shown: Shown, i: int) -> Move:
    name = team_words.step_name(case.steps[i])
    return Move(
        origin=party_name(case, REQUESTER),
        target=_firm_place(case, shown.ids[i]),
        km="",
        day=shown.works[i].start,
        what=_("材料(支給のとき)と、%(step)sに要る図面の抜粋", step=name),
        known=None,
        pair=None,
    )


def _between(case: Case, shown: Shown, a: int, i: int, pairs: frozenset[frozenset[str]], *, staff: bool) -> Move:
    one, other = shown.ids[a], shown.ids[i]
    done, next_ = team_words.step_name(case.steps[a]), team_words.step_name(case.steps[i])
    return Move(
        origin=_firm_place(case, one),
        target=_firm_place(case, other),
        km=distance(case, one, other, staff=staff),
        day=shown.works[a].finish,
        what=_("%(done)sまで済んだ部品と、%(next)sに要る図面の抜粋", done=done, next=next_),
        known=frozenset((one, other)) in pairs if staff else None,
        pair=(one, other) if staff else None,
    )


def _to_the_end(case: Case, shown: Shown, i: int) -> Move:
    documents = any("measuring" in step.process_id or "inspection" in step.process_id for step in case.steps)
    return Move(
        origin=_firm_place(case, shown.ids[i]),
        target=_("納品"),
        km="",
        day=shown.works[i].finish,
        what=_("仕上がった部品と検査の記録") if documents else _("仕上がった部品"),
        known=None,
        pair=None,
    )


def distance(case: Case, one: str, other: str, *, staff: bool) -> str:
    """Kilometres between two firms as this reader may know them: whole ones, or none where a place is not public."""
    facts = (case.facts[one], case.facts[other])
    if any(f.lat is None for f in facts) or (not staff and any("position" in f.hidden for f in facts)):
        return ""
    places = [(case.problem.firms[firm].lat, case.problem.firms[firm].lng) for firm in (one, other)]
    a, b = np.radians(places)
    return kilometres(float(arcs_km(a, b)), staff=staff)


def known_km(case: Case, shown: Shown, *, staff: bool) -> float | None:
    """The way of the part in all, in km; None where it would tell a place that is not public."""
    facts = [case.facts[firm] for firm in set(shown.ids)]
    if any(f.lat is None for f in facts) or (not staff and any("position" in f.hidden for f in facts)):
        return None
    return round(shown.figures.km, 1 if staff else 0)


def kilometres(km: float, *, staff: bool) -> str:
    return f"{km:.1f} km" if staff else _("約%(km)s km", km=f"{km:.0f}")

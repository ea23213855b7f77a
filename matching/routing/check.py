"""Holds a route against the rules of the trade while somebody edits it: what is right, what to ask, what cannot be.

The rules are data (`data/rules.yaml`); here stands only how each kind of rule is read. Nothing is changed: where a rule
misses a step, the finding carries the offer to add it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matching.routing.learned import usual_order
from matching.routing.operation import folded
from matching.routing.practice import any_is, comes_last, practice
from matching.routing.route import Route, RouteStep
from matching.routing.rule_table import (
    MaterialRule,
    MissingRule,
    OrderRule,
    coats,
    material_rules,
    missing_rules,
    order_rules,
    sentences,
)
from matching.types import Need, Phrase, Verdict
from matching.vocabulary.materials import families, find_materials, materials

_ORDER = (Verdict.NO, Verdict.UNKNOWN, Verdict.OK)


@dataclass(frozen=True, slots=True)
class Offer:
    """A step that may be added: its process, and the id of the step it would stand behind ("" at the beginning)."""

    process_id: str
    behind: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of a route, and the ids of the steps it is about."""

    rule: str
    verdict: Verdict
    fact: Phrase
    steps: tuple[str, ...]
    offer: Offer | None = None


def check_route(route: Route, need: Need) -> tuple[Finding, ...]:
    """Everything the rules say of a route for a request: what cannot be first, then questions, then what is right."""
    look = _Look(route, need)
    found = [
        *_places(look),
        *(f for rule in material_rules() for f in _materials(look, rule)),
        *(f for rule in order_rules() for f in _orders(look, rule)),
        *(f for rule in missing_rules() for f in _missing(look, rule)),
        *_coats(look),
        *_documents(look),
        *_assemblies(look),
        *_endings(look),
    ]
    found += _unusual(look, found)
    return tuple(sorted(dict.fromkeys(found), key=lambda f: _ORDER.index(f.verdict)))


class _Look:
    """A route with what every rule asks of it: which steps come before and behind each, and the closest tolerance."""

    def __init__(self, route: Route, need: Need) -> None:
        self.need = need
        self.steps = route.steps
        self.before = _reach([step.after for step in route.steps])
        self.behind = [{j for j, before in enumerate(self.before) if i in before} for i in range(len(route.steps))]
        told = [need.tolerance_mm, *(step.need.tolerance_mm for step in route.steps)]
        self.tolerance = min((reading.value for reading in told if reading), default=None)

    def those(self, ids: Sequence[str], among: set[int] | None = None) -> list[int]:
        """The places of the steps that are one of these processes or something special of them."""
        places = range(len(self.steps)) if among is None else sorted(among)
        return [i for i in places if _does(self.steps[i], ids)]


def _reach(after: Sequence[Sequence[int]]) -> list[set[int]]:
    """For each step everything that is done before it, directly or not."""
    before: list[set[int]] = [set() for _ in after]
    for _ in after:
        for i, direct in enumerate(after):
            before[i] |= {*direct, *(k for j in direct for k in before[j])}
    return before


def _does(step: RouteStep, ids: Sequence[str]) -> bool:
    return any_is((step.process_id, *step.also), ids)


def _say(phrase: Phrase, ja: dict[str, str], en: dict[str, str]) -> Phrase:
    return Phrase(phrase.ja.format(**ja), phrase.en.format(**en))


def _named(phrase: Phrase, **steps: RouteStep) -> Phrase:
    """The sentence with the names of steps filled in."""
    return _say(phrase, {k: s.names[0] for k, s in steps.items()}, {k: s.names[1] for k, s in steps.items()})


def _places(look: _Look) -> Iterator[Finding]:
    for i, step in enumerate(look.steps):
        if i in look.before[i] or any(j >= i for j in step.after):
            yield Finding("order_of_list", Verdict.NO, _named(sentences("order_of_list").no, step=step), (step.id,))


def _materials(look: _Look, rule: MaterialRule) -> Iterator[Finding]:
    for i in look.those(rule.of):
        step = look.steps[i]
        told = step.need.material or look.need.material
        ids = [hit.material_id for hit in find_materials(told.value)] if told else []
        if told and ids:
            verdict, phrase = _held(rule, ids)
            other = _other_material(look, rule, told.value) if verdict is Verdict.NO else ""
            verdict, phrase = (Verdict.UNKNOWN, sentences("several").ask) if other else (verdict, phrase)
            names = {"material": told.value, "other": other}
            fact = _say(phrase, {**names, "step": step.names[0]}, {**names, "step": step.names[1]})
            yield Finding(f"material:{rule.trait}", verdict, fact, (step.id,))


def _other_material(look: _Look, rule: MaterialRule, told: str) -> str:
    """Another material of the same job that the process can work; a job may have parts of several."""
    hits = (hit for hit in find_materials(look.need.text) if hit.as_written != told)
    return next((hit.as_written for hit in hits if _held(rule, [hit.material_id])[0] is Verdict.OK), "")


def _held(rule: MaterialRule, ids: Sequence[str]) -> tuple[Verdict, Phrase]:
    """All of the materials must have the trait; a family that only some grades of have it is a question."""
    if any(family in rule.doubt for id_ in ids for family in families(id_)):
        return Verdict.UNKNOWN, rule.doubted
    if all(rule.trait in materials()[id_].traits for id_ in ids):
        return Verdict.OK, rule.ok
    if all(rule.trait in materials()[id_].traits or _some_grade(id_, rule.trait) for id_ in ids):
        return Verdict.UNKNOWN, rule.ask
    return Verdict.NO, rule.no


def _some_grade(family: str, trait: str) -> bool:
    return any(trait in m.traits for m in materials().values() if family in families(m.id))


def _orders(look: _Look, rule: OrderRule) -> Iterator[Finding]:
    for then in look.those(rule.then):
        first = [i for i in look.those(rule.first) if i != then and not _does(look.steps[i], rule.then)]
        done = [i for i in first if i in look.before[then]]
        late = [i for i in first if i in look.behind[then]]
        # A second go afterwards is a habit of the trade: cut, plated, and cut to size again.
        if late and not (done and rule.wrong is Verdict.UNKNOWN):
            yield _ordered(look, rule, late[0], then, rule.wrong)
        elif done:
            yield _ordered(look, rule, done[-1], then, Verdict.OK)


def _ordered(look: _Look, rule: OrderRule, first: int, then: int, verdict: Verdict) -> Finding:
    one, other = look.steps[first], look.steps[then]
    phrase = rule.ok if verdict is Verdict.OK else rule.no
    return Finding(
        f"order:{rule.first[0]}:{rule.then[0]}", verdict, _named(phrase, first=one, then=other), _ids(one, other)
    )


def _ids(*steps: RouteStep) -> tuple[str, ...]:
    return tuple(step.id for step in steps)


def _missing(look: _Look, rule: MissingRule) -> Iterator[Finding]:
    if rule.tolerance_mm is not None and (look.tolerance is None or look.tolerance > rule.tolerance_mm):
        return
    for i in look.those(rule.of):
        if any_is((look.steps[i].process_id,), rule.unless) or look.those(rule.of, look.before[i]):
            continue
        if rule.after and not look.those(rule.after, look.before[i]):
            continue
        step = look.steps[i]
        there = look.those(rule.needs, look.behind[i] if rule.behind else look.before[i])
        rest = "" if look.tolerance is None else _figure(look.tolerance)
        ja, en = {"step": step.names[0], "tolerance": rest}, {"step": step.names[1], "tolerance": rest}
        rule_name = f"missing:{rule.add}"
        if there or any_is(step.also, rule.needs):
            yield Finding(rule_name, Verdict.OK, _say(rule.ok, ja, en), (step.id,))
        else:
            behind = step.id if rule.behind else _last_before(look, i)
            yield Finding(rule_name, Verdict.UNKNOWN, _say(rule.ask, ja, en), (step.id,), Offer(rule.add, behind))


def _last_before(look: _Look, place: int) -> str:
    before = look.steps[place].after
    return look.steps[max(before)].id if before else ""


def _figure(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _coats(look: _Look) -> Iterator[Finding]:
    rule = sentences("coat")
    if look.tolerance is None:
        return
    for i, step in enumerate(look.steps):
        um = next((thick for ids, thick in coats() if _does(step, ids)), None)
        if um is None or look.those(rule.ids("safe"), look.behind[i] | look.before[i]) != []:
            continue
        verdict, phrase = _coat(um / 1000, look.tolerance)
        values = {"mm": _figure(um / 1000), "tolerance": _figure(look.tolerance)}
        fact = _say(phrase, {**values, "step": step.names[0]}, {**values, "step": step.names[1]})
        yield Finding("coat", verdict, fact, (step.id,))


def _coat(mm: float, tolerance: float) -> tuple[Verdict, Phrase]:
    rule = sentences("coat")
    if mm > tolerance:
        return Verdict.NO, rule.no
    small = mm <= tolerance * float(rule.values["share"])
    return (Verdict.OK, rule.ok) if small else (Verdict.UNKNOWN, rule.ask)


def _documents(look: _Look) -> Iterator[Finding]:
    rule = sentences("documents")
    text = rule.pattern("only_material").sub("", folded(look.need.text))
    if not look.steps or not rule.pattern("words").search(text):
        return
    looks = look.those(rule.ids("steps"))
    if not looks:
        last = [s.id for s in look.steps if not _does(s, rule.ids("behind"))] or [look.steps[-1].id]
        yield Finding("documents", Verdict.UNKNOWN, rule.ask, (last[-1],), Offer(rule.values["add"], last[-1]))
        return
    place = looks[-1]
    late = [i for i in sorted(look.behind[place]) if not _does(look.steps[i], rule.ids("behind"))]
    inspection = look.steps[place]
    if late:
        step = look.steps[late[0]]
        yield Finding("documents", Verdict.NO, _named(rule.no, step=step), _ids(inspection, step))
    else:
        yield Finding("documents", Verdict.OK, rule.ok, (inspection.id,))


def _assemblies(look: _Look) -> Iterator[Finding]:
    rule = sentences("assembly")
    for i in look.those(rule.ids("of")):
        joint = look.steps[i]
        parts = [k for k, step in enumerate(look.steps) if practice(step.process_id).shapes and k not in look.behind[i]]
        forgotten = [k for k in parts if k not in look.before[i]]
        for k in forgotten[:1]:
            part = look.steps[k]
            yield Finding("assembly", Verdict.NO, _named(rule.no, step=joint, other=part), _ids(joint, part))
        if len(parts) > 1 and not forgotten:
            yield Finding("assembly", Verdict.OK, _named(rule.ok, step=joint), (joint.id,))


def _endings(look: _Look) -> Iterator[Finding]:
    for i, step in enumerate(look.steps):
        late = [k for k in sorted(look.behind[i]) if not comes_last(look.steps[k].process_id)]
        if comes_last(step.process_id) and late:
            other = look.steps[late[0]]
            fact = _named(sentences("ending").no, step=step, other=other)
            yield Finding("ending", Verdict.NO, fact, _ids(step, other))


def _unusual(look: _Look, found: Sequence[Finding]) -> list[Finding]:
    """Where no rule speaks of two neighbours: the other way round than the known routes have it."""
    spoken = {frozenset(f.steps) for f in found if len(f.steps) > 1}
    unusual = []
    for step in look.steps:
        for before in step.after:
            other = look.steps[before]
            if frozenset((step.id, other.id)) in spoken or not usual_order(step.process_id, other.process_id):
                continue
            fact = Phrase(
                f"ふつうは{step.names[0]}のあとに{other.names[0]}をします。この順でよいか確かめてください。",
                f"{step.names[1]} usually comes before {other.names[1]}. Is this order meant?",
            )
            unusual.append(Finding("usual", Verdict.UNKNOWN, fact, _ids(other, step)))
    return unusual

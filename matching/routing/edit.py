"""Edits of a route: each takes a draft and gives a new one that is again in an order in which it can be done.

Every function raises `EditError` with a sentence for a person, and leaves the draft it was given as it was.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from matching.routing.draft import Draft, DraftStep, Origin, general_need
from matching.routing.hours import estimate
from matching.routing.practice import is_step
from matching.routing.route import Hours
from matching.types import Need, Phrase
from matching.vocabulary.processes import processes

MOST_STEPS = 30
_BY_HAND = Phrase("コーディネーターが足した工程", "Added by the coordinator")


class EditError(ValueError):
    """An edit that cannot be done, and why."""

    def __init__(self, phrase: Phrase) -> None:
        super().__init__(phrase.en)
        self.phrase = phrase


def find(draft: Draft, key: str) -> DraftStep:
    """The step of this key."""
    step = next((one for one in draft if one.key == key), None)
    if step is None:
        raise EditError(Phrase("その工程は、もう道順にありません。", "That operation is no longer in the route."))
    return step


def add(draft: Draft, need: Need, process_id: str, behind: str = "", reason: Phrase = _BY_HAND) -> Draft:
    """A new step of this process behind the step `behind`, or at the beginning when that is blank."""
    new = _new(draft, need, process_id, reason)
    if not behind:
        roots = {one.key for one in draft[:1] if not one.after}
        later = tuple(replace(one, after=(new.key,)) if one.key in roots else one for one in draft)
        return ordered((new, *later))
    before = find(draft, behind)
    place = draft.index(before) + 1
    moved = tuple(_following(one, behind, (new.key,)) for one in draft)
    return ordered((*moved[:place], replace(new, after=(behind,)), *moved[place:]))


def _new(draft: Draft, need: Need, process_id: str, reason: Phrase) -> DraftStep:
    if process_id not in processes() or processes()[process_id].heading or not is_step(process_id):
        raise EditError(Phrase("その工程は、言葉の一覧にありません。", "That process is not in the vocabulary."))
    if len(draft) >= MOST_STEPS:
        raise EditError(Phrase(f"工程は{MOST_STEPS}までです。", f"A route has at most {MOST_STEPS} operations."))
    hours = estimate(process_id, general_need(process_id, need))
    return DraftStep(_fresh_key(draft), process_id, (), hours, Origin.ADDED, reason)


def _fresh_key(draft: Draft) -> str:
    """One number above every key in use, so that a name never means two things in one route."""
    return f"s{max((int(one.key[1:]) for one in draft if one.key[1:].isdecimal()), default=0) + 1}"


def _following(step: DraftStep, key: str, instead: Sequence[str]) -> DraftStep:
    """The step, waiting for `instead` where it waited for `key`."""
    if key not in step.after:
        return step
    waits = [new for old in step.after for new in (instead if old == key else (old,))]
    return replace(step, after=tuple(one for one in dict.fromkeys(waits) if one != step.key))


def remove(draft: Draft, key: str) -> Draft:
    """Without a step; what waited for it waits for what it waited for."""
    gone = find(draft, key)
    if len(draft) == 1:
        raise EditError(
            Phrase("最後の工程は消せません。先に別の工程を足してください。", "Add another operation first.")
        )
    return ordered(tuple(_following(one, key, gone.after) for one in draft if one.key != key))


def earlier(draft: Draft, key: str) -> Draft:
    """The step changes places with the one before it."""
    place = draft.index(find(draft, key))
    if place == 0:
        raise EditError(Phrase("もう先頭です。", "It is the first operation already."))
    return _swapped(draft, place - 1)


def later(draft: Draft, key: str) -> Draft:
    """The step changes places with the one behind it."""
    place = draft.index(find(draft, key))
    if place == len(draft) - 1:
        raise EditError(Phrase("もう最後です。", "It is the last operation already."))
    return _swapped(draft, place)


def _swapped(draft: Draft, place: int) -> Draft:
    """Two neighbours in the other order. Where one waited for the other, they also change roles in the graph."""
    first, second = draft[place], draft[place + 1]
    if first.key in second.after:
        before = tuple(dict.fromkeys((*first.after, *(key for key in second.after if key != first.key))))
        draft = tuple(_following(one, second.key, (first.key,)) for one in draft)
        first, second = replace(first, after=(second.key,)), replace(second, after=before)
    return ordered((*draft[:place], second, first, *draft[place + 2 :]))


def split(draft: Draft, key: str) -> Draft:
    """A step in two: its processes apart where it holds several, else one process in two goes of half the hours."""
    step = find(draft, key)
    if len(draft) >= MOST_STEPS:
        raise EditError(Phrase(f"工程は{MOST_STEPS}までです。", f"A route has at most {MOST_STEPS} operations."))
    half = _share(step.hours, 1 / len(step.process_ids) if step.also else 0.5)
    rest = _share(step.hours, 1 - half.likely / step.hours.likely)
    new = replace(
        step,
        key=_fresh_key(draft),
        process_id=step.also[0] if step.also else step.process_id,
        also=step.also[1:],
        after=(key,),
        hours=rest,
    )
    place = draft.index(step)
    waiting = [_following(one, key, (new.key,)) for one in draft]
    return ordered((*waiting[:place], replace(step, also=(), hours=half), new, *waiting[place + 1 :]))


def _share(hours: Hours, part: float) -> Hours:
    return Hours(*(max(0.1, round(one * part, 1)) for one in (hours.likely, hours.low, hours.high)))


def merge(draft: Draft, key: str, other: str, as_process: str = "") -> Draft:
    """Two steps as one that the same firm does in one go; `as_process` is the trade that does both, if there is one."""
    first, second = find(draft, key), find(draft, other)
    if draft.index(second) < draft.index(first):
        first, second = second, first
    ids = tuple(dict.fromkeys((*first.process_ids, *second.process_ids)))
    after = tuple(k for k in dict.fromkeys((*first.after, *second.after)) if k not in {first.key, second.key})
    titles = dict.fromkeys(filter(None, (first.title, second.title)))
    one = replace(
        first,
        process_id=as_process or ids[0],
        also=() if as_process else ids[1:],
        after=after,
        hours=_total(first.hours, second.hours),
        title="・".join(titles)[:80],
        reason=first.reason if first.reason == second.reason else _both(first.reason, second.reason),
    )
    rest = tuple(_following(step, second.key, (first.key,)) for step in draft if step.key != second.key)
    return ordered(tuple(one if step.key == first.key else step for step in rest))


def _total(one: Hours, other: Hours) -> Hours:
    sums = (one.likely + other.likely, one.low + other.low, one.high + other.high)
    return Hours(*(round(hours, 1) for hours in sums))


def _both(one: Phrase, other: Phrase) -> Phrase:
    return Phrase(f"{one.ja}。{other.ja}"[:300], f"{one.en}; {other.en}"[:300])


def revise(draft: Draft, key: str, changed: Callable[[DraftStep], DraftStep]) -> Draft:
    """The step as `changed` gives it; what it waits for may change too, and then the order follows."""
    find(draft, key)
    return ordered(tuple(changed(one) if one.key == key else one for one in draft))


def exchange(draft: Draft, need: Need, key: str, process_ids: Sequence[str], reason: Phrase) -> Draft:
    """Another way to the same end: these processes, one after the other, in the place of a step."""
    old = find(draft, key)
    first = _new(draft[1:], need, process_ids[0], reason)
    changed = replace(first, key=key, after=old.after, title=old.title, wishes=old.wishes)
    draft = tuple(changed if one.key == key else one for one in draft)
    behind = key
    for process_id in process_ids[1:]:
        fresh = _fresh_key(draft)
        draft = add(draft, need, process_id, behind, reason)
        behind = fresh
    return ordered(draft)


def ordered(draft: Draft) -> Draft:
    """The steps in an order in which they can be done, changed no more than that needs."""
    keys = {one.key for one in draft}
    if any(key not in keys for one in draft for key in one.after):
        raise EditError(
            Phrase("道順にない工程を待っています。", "An operation waits for one that is not in the route.")
        )
    done: set[str] = set()
    result: list[DraftStep] = []
    waiting = list(draft)
    while waiting:
        free = next((one for one in waiting if done.issuperset(one.after)), None)
        if free is None:
            raise EditError(
                Phrase("工程が輪になって、始められません。", "The operations wait for each other: none can begin.")
            )
        waiting.remove(free)
        done.add(free.key)
        result.append(free)
    return tuple(result)

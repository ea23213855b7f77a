"""The presses of the route editor: which edit each one asks for. `do` is the edit and the steps it is about."""

from collections.abc import Callable, Mapping, Sequence

from sqlmodel import Session

from backend.accounts.models import User
from backend.core.errors import Invalid
from backend.core.i18n import gettext as _
from backend.core.i18n import language
from backend.teams import service
from backend.teams.route_forms import changes
from backend.teams.service import Worked
from matching.routing import edit
from matching.routing.draft import Draft
from matching.routing.edit import EditError
from matching.routing.ways import alternatives, together
from matching.types import Phrase

_Edit = Callable[[Worked, Sequence[str], Mapping[str, str]], Draft]


def perform(session: Session, actor: User | None, worked: Worked, posted: Mapping[str, str]) -> None:
    """Do what a press asks for, for example `do=earlier:s2` or `do=add:bending:s1`.

    Raises Invalid with a sentence when it cannot be done, Refused when somebody else changed the route meanwhile.
    """
    verb, *names = posted.get("do", "").split(":")
    if verb in _HISTORY and not names:
        _HISTORY[verb](session, actor, worked)
    elif verb in _EDITS and len(names) == _EDITS[verb][0]:
        draft = _edited(_EDITS[verb][1], worked, names, posted)
        if draft != worked.draft:
            service.keep(session, actor, worked, draft, verb)
    else:
        raise Invalid(_("このボタンは、いまは使えません。ページを読み直してください。"))


def _edited(do: _Edit, worked: Worked, names: Sequence[str], posted: Mapping[str, str]) -> Draft:
    try:
        return do(worked, names, posted)
    except EditError as error:
        raise Invalid(error.phrase.text(language())) from error


def _add(worked: Worked, names: Sequence[str], _posted: Mapping[str, str]) -> Draft:
    return edit.add(worked.draft, worked.need, names[0], names[1])


def _save(worked: Worked, names: Sequence[str], posted: Mapping[str, str]) -> Draft:
    edit.find(worked.draft, names[0])
    others = frozenset(step.key for step in worked.draft if step.key != names[0])
    return edit.revise(worked.draft, names[0], changes(posted, worked.need, others))


def _together(worked: Worked, names: Sequence[str], _posted: Mapping[str, str]) -> Draft:
    known = next((pair for pair in together(worked.route) if pair.steps == tuple(names)), None)
    return edit.merge(worked.draft, names[0], names[1], known.as_process if known else "")


def _otherwise(worked: Worked, names: Sequence[str], _posted: Mapping[str, str]) -> Draft:
    """The step done another way; `names` are its key and the processes of the way, joined by a plus."""
    step = next((one for one in worked.route.steps if one.id == names[0]), None)
    ways = alternatives(step, worked.need) if step else ()
    way = next((one for one in ways if "+".join(one.process_ids) == names[1]), None)
    if way is None:
        raise EditError(Phrase("そのやり方は、この工程には使えません。", "That way does not fit this operation."))
    return edit.exchange(worked.draft, worked.need, names[0], way.process_ids, way.why)


# The number of names each edit is told, and the edit.
_EDITS: Mapping[str, tuple[int, _Edit]] = {
    "add": (2, _add),
    "remove": (1, lambda worked, names, _posted: edit.remove(worked.draft, names[0])),
    "earlier": (1, lambda worked, names, _posted: edit.earlier(worked.draft, names[0])),
    "later": (1, lambda worked, names, _posted: edit.later(worked.draft, names[0])),
    "split": (1, lambda worked, names, _posted: edit.split(worked.draft, names[0])),
    "together": (2, _together),
    "otherwise": (2, _otherwise),
    "save": (1, _save),
}


def _reset(session: Session, actor: User | None, worked: Worked) -> None:
    service.keep(session, actor, worked, (), "reset")


_HISTORY: Mapping[str, Callable[[Session, User | None, Worked], None]] = {
    "undo": service.undo,
    "redo": service.redo,
    "reset": _reset,
}

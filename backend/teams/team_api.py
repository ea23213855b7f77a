"""Teams for programs, under the same rules of access as the pages."""

from fastapi import APIRouter

from backend.accounts.api_access import OPEN, ApiActor, Asker
from backend.core import clock
from backend.core.db import Database, OpenDatabase
from backend.core.errors import Invalid
from backend.core.i18n import gettext as _
from backend.matches.api import Token
from backend.matches.dependencies import Index
from backend.matches.index import LiveIndex
from backend.teams import plans, service
from backend.teams.export import TeamsIn, TeamsOut, teams_out
from backend.teams.plan_rules import TURNS_KM
from backend.teams.solving import solve
from backend.teams.team_case import case_of
from backend.teams.what_if import WhatIf, due_words
from matching.days import may_be_due

router = APIRouter(prefix="/api/v1", tags=["teams"])


@router.get("/requests/{token}/teams", summary="Find teams", openapi_extra=OPEN)
def get_teams(token: Token, database: OpenDatabase, index: Index, actor: Asker) -> TeamsOut:
    """The teams that could do a request, as the workbench proposes them."""
    return _answer(database, index, actor, token, WhatIf())


@router.post("/requests/{token}/teams", summary="Try other conditions for teams", openapi_extra=OPEN)
def try_teams(token: Token, sent: TeamsIn, database: OpenDatabase, index: Index, actor: Asker) -> TeamsOut:
    """The teams under other conditions. Nothing is kept."""
    if sent.turn_km not in TURNS_KM:
        message = _("turn_km は 0、2、5、10 のどれかにしてください。")
        raise Invalid(message, {"turn_km": message})
    if sent.due is not None and not may_be_due(sent.due, clock.today()):
        raise Invalid(due_words(), {"due": due_words()})
    wish = WhatIf(
        due=sent.due,
        fixed=sent.fixed,
        out=tuple(sent.without),
        turn_km=sent.turn_km,
        order=sent.order,
        capital_man=sent.capital_man,
        people=sent.people,
    )
    return _answer(database, index, actor, token, wish)


def _answer(database: Database, index: LiveIndex, actor: ApiActor, token: str, wish: WhatIf) -> TeamsOut:
    staff = actor.is_staff
    with database.reading() as session:
        worked = service.work_on(session, actor.user, token)
        case = case_of(session, index, worked.kept, worked.need, worked.route, wish, staff=staff)
        held = plans.decided(session, worked.kept.id or 0)
    # Solved outside any transaction.
    return teams_out(case, solve(case, wish, held.team if held else None), wish, staff=staff)

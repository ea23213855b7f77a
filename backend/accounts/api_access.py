"""Who asks through the programs' interface: a token of an organisation, a person signed in, or a stranger.

A resource takes one of the dependencies at the end and looks at things as `actor.user` does.
"""

import logging
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.exc import DBAPIError

from backend.accounts import token_queries, tokens
from backend.accounts.dependencies import COOKIE, CurrentUser
from backend.accounts.models import ApiToken, User
from backend.core import clock
from backend.core.api_limits import RateLimit
from backend.core.db import Database, OpenDatabase
from backend.core.errors import AppError, NotFound, TooMany
from backend.core.i18n import gettext as _
from backend.core.idempotency import Write, digest_of

log = logging.getLogger(__name__)

CHALLENGE = 'Bearer realm="nakamawa"'
BEARER = HTTPBearer(
    scheme_name="token",
    bearerFormat="nkm_…",
    description="A token of your organisation, made on its page. It sees and changes what the organisation may.",
    auto_error=False,
)
SESSION = APIKeyCookie(
    name=COOKIE, scheme_name="session", description="The cookie of a person signed in with a browser.", auto_error=False
)
# For operations that strangers may use as well: nothing at all is enough.
OPEN: dict[str, Any] = {"security": [{}]}


@dataclass(frozen=True)
class ApiActor:
    """Who asks. `user` is for the `readable_…` queries and the audit trail; a token stands there by its own id."""

    user: User | None = None
    token_id: str = ""
    organisation_id: str | None = None
    may_write: bool = True

    @property
    def is_staff(self) -> bool:
        return self.user is not None and self.user.is_staff

    @property
    def person_id(self) -> str | None:
        """The person, where a table asks for one; None for a token."""
        return self.user.id if self.user is not None and not self.token_id else None


@dataclass(frozen=True)
class KnownActor(ApiActor):
    """Somebody who is no stranger."""

    user: User


def _actor(
    request: Request,
    database: OpenDatabase,
    user: CurrentUser,
    _token: Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)],
    _session: Annotated[str | None, Security(SESSION)],
) -> ApiActor:
    """A token counts before a cookie, and one that is not good is refused: nobody falls back to being a stranger."""
    scheme, _blank, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return KnownActor(user) if user else ApiActor()
    with database.reading() as session:
        found = tokens.acting(session, secret.strip())
    if found is None:
        raise _refused(
            _("このトークンは使えません。期限が切れたか、止められたか、途中で切れています。"), "invalid_token"
        )
    _spare(request, found.token.id)
    _note_use(database, found.token)
    return KnownActor(found.user, found.token.id, found.token.organisation_id, found.may_write)


def _refused(message: str, error: str = "") -> AppError:
    challenge = f'{CHALLENGE}, error="{error}"' if error else CHALLENGE
    return AppError(401, message, headers={"WWW-Authenticate": challenge})


def _spare(request: Request, token_id: str) -> None:
    limit: RateLimit = request.app.state.api_limit
    seconds = limit.take(token_id)
    if seconds:
        raise TooMany(_("このトークンでの問い合わせが多すぎます。少し待って、もう一度送ってください。"), seconds)


def _note_use(database: Database, token: ApiToken) -> None:
    if not tokens.is_worth_noting(token):
        return
    try:
        with database.writing() as session:
            token_queries.note_use(session, token.id, clock.now())
    except DBAPIError:
        # Nobody is refused an answer because this could not be written down.
        log.warning("the use of token %s could not be noted", token.id)


def _known(actor: Annotated[ApiActor, Depends(_actor)]) -> KnownActor:
    if not isinstance(actor, KnownActor):
        raise _refused(_("この操作にはトークンが必要です。"))
    return actor


def _allowed_to_write(actor: Annotated[ApiActor, Depends(_actor)]) -> ApiActor:
    if not actor.may_write:
        challenge = f'{CHALLENGE}, error="insufficient_scope", scope="write"'
        message = _("このトークンは読むだけのものです。書き込むには、読み書きのトークンを作ってください。")
        raise AppError(403, message, headers={"WWW-Authenticate": challenge})
    return actor


def _writer(
    known: Annotated[KnownActor, Depends(_known)], _may: Annotated[ApiActor, Depends(_allowed_to_write)]
) -> KnownActor:
    return known


def _staff_writer(writer: Annotated[KnownActor, Depends(_writer)]) -> KnownActor:
    if not writer.is_staff:
        raise NotFound
    return writer


def _write(
    actor: Annotated[ApiActor, Depends(_allowed_to_write)],
    digest: Annotated[str, Depends(digest_of)],
    key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            min_length=1,
            max_length=200,
            pattern=r"^[\x21-\x7e]+$",
            description="A value of your own, best a UUID. The same write sent again within 24 hours has no second "
            "effect: the first answer comes back, with `Idempotency-Replayed: true`.",
            examples=["5f0c8a52-9d53-4a3b-9a58-0d3a6c1a7f10"],
        ),
    ] = None,
) -> Write:
    if key is None:
        return Write()
    if actor.user is None:
        raise _refused(_("Idempotency-Key を使うにはトークンが必要です。"))
    return Write(actor.user.id, key, digest)


# Anybody; a token that is not good is refused all the same.
Asker = Annotated[ApiActor, Depends(_actor)]
# No strangers.
Known = Annotated[KnownActor, Depends(_known)]
# Anybody but tokens that only read.
OpenWriter = Annotated[ApiActor, Depends(_allowed_to_write)]
# No strangers, and no tokens that only read.
Writer = Annotated[KnownActor, Depends(_writer)]
# A body of coordinators, or one of its people.
StaffWriter = Annotated[KnownActor, Depends(_staff_writer)]
# The write itself: `once.answer(session, work)` does it one time for each key.
Once = Annotated[Write, Depends(_write)]

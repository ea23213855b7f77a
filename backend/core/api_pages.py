"""Long lists for programs, page after page. A cursor names the last item that was given, not a number of items, so
that nothing is missed and nothing comes twice when rows are added meanwhile."""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from sqlmodel import Session
from sqlmodel.sql.expression import SelectOfScalar

from backend.core.errors import Invalid
from backend.core.i18n import gettext as _
from backend.core.security import sign, unsign

T = TypeVar("T")
Key = str | int
MOST = 100
USUAL = 20
CURSOR = "IjVmMGM4YTUyIg.oN3m1b2k9cQm3mJ0Gq0jv8T6o1mD1pYk0aXzE3q1h0s"
# These say which part of a list is wanted, not which list.
PLACE = frozenset({"cursor", "limit"})


@dataclass(frozen=True)
class Piece(Generic[T]):
    """Some items in a row, and the cursor of those that follow; None at the end."""

    items: Sequence[T]
    next: str | None


@dataclass(frozen=True)
class Paging:
    """Which part of a list a program wants. `of_list` tells this list, with its filters, from every other."""

    request: Request
    response: Response
    limit: int
    after: Key | None
    of_list: str

    def piece(
        self, session: Session, statement: SelectOfScalar[T], key: object, *, newest_first: bool = False
    ) -> Piece[T]:
        """The next items by a column that is unique and never changes, with the header that leads to the rest."""
        column: Any = key
        if self.after is not None:
            statement = statement.where(column < self.after if newest_first else column > self.after)
        ordered = statement.order_by(None).order_by(column.desc() if newest_first else column)
        rows = session.scalars(ordered.limit(self.limit + 1)).all()
        items = rows[: self.limit]
        if len(rows) <= self.limit:
            return Piece(items, None)
        cursor = seal(_secret(self.request), self.of_list, getattr(items[-1], column.key))
        self._link(cursor)
        return Piece(items, cursor)

    def _link(self, cursor: str) -> None:
        kept = [(name, value) for name, value in self.request.query_params.multi_items() if name not in PLACE]
        query = urlencode([*kept, ("limit", self.limit), ("cursor", cursor)])
        self.response.headers["Link"] = f'<{self.request.url.path}?{query}>; rel="next"'


def seal(secret: str, of_list: str, key: Key) -> str:
    """A cursor for the items after this key; it is worth something for this list only."""
    plain = base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")
    return sign(_for_list(secret, of_list), plain)


def unseal(secret: str, of_list: str, cursor: str) -> Key | None:
    """The key in a cursor that we made for this list; None for any other text."""
    plain = unsign(_for_list(secret, of_list), cursor)
    if plain is None:
        return None
    key: Key = json.loads(base64.urlsafe_b64decode(plain + "=" * (-len(plain) % 4)))
    return key


def _for_list(secret: str, of_list: str) -> str:
    return f"{secret} cursor {of_list}"


def _secret(request: Request) -> str:
    secret: str = request.app.state.settings.secret_key.get_secret_value()
    return secret


def _paging(
    request: Request,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many items at most.")] = USUAL,
    cursor: Annotated[
        str, Query(max_length=300, description="`next` of the answer before; leave it out for the first items.")
    ] = "",
) -> Paging:
    asked = sorted(pair for pair in request.query_params.multi_items() if pair[0] not in PLACE)
    of_list = hashlib.sha256(json.dumps([request.url.path, asked]).encode()).hexdigest()
    after = unseal(_secret(request), of_list, cursor) if cursor else None
    if cursor and after is None:
        message = _("cursor は、同じ条件の前の答えの next をそのまま使ってください。")
        raise Invalid(message, {"cursor": message})
    return Paging(request, response, limit, after, of_list)


Pages = Annotated[Paging, Depends(_paging)]

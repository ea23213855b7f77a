"""Programs that act for an organisation, each with a token of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.testclient import TestClient

from backend.accounts import memberships, queries, tokens
from backend.accounts.models import OrganisationKind, Role, Scope
from backend.accounts.token_forms import NewToken
from backend.accounts.token_models import new_token_id
from backend.core.db import Database
from tests import factories


@dataclass(frozen=True)
class Program:
    """A client that sends its token with everything, and what is known of the token."""

    client: TestClient
    secret: str
    token_id: str
    organisation_id: str


@dataclass(frozen=True)
class Programs:
    """Makes programs for new organisations, and further ones for an organisation that is there."""

    app: FastAPI
    database: Database

    def of(
        self,
        kind: OrganisationKind,
        *,
        firm_id: str | None = None,
        wards: Sequence[str] = (),
        scope: Scope = Scope.WRITE,
    ) -> Program:
        with self.database.writing() as session:
            all_wards = kind is OrganisationKind.COORDINATORS and not wards
            made = memberships.add(
                session, kind, f"{kind.value} {factories.unique()}", firm_id=firm_id, all_wards=all_wards
            )
            queries.set_wards(session, made.id, wards)
        return self.another(made.id, scope=scope)

    def another(self, organisation_id: str, *, scope: Scope = Scope.WRITE) -> Program:
        admin = factories.person(self.database, Role.ADMIN)
        new = NewToken(new_token_id(), f"システム{factories.unique()}", scope, 30)
        with self.database.writing() as session:
            organisation = queries.organisation_for(session, admin, organisation_id)
            assert organisation is not None
            token, secret = tokens.create(session, organisation, new, admin)
        assert secret is not None
        return Program(self.browser(secret), secret, token.id, organisation_id)

    def browser(self, secret: str) -> TestClient:
        client = factories.browser(self.app)
        client.headers["Authorization"] = f"Bearer {secret}"
        return client

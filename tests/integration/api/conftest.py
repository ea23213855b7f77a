"""The actors of the programs' interface: a workshop, a startup and two bodies of coordinators, each with a token."""

import pytest
from fastapi import FastAPI

from backend.accounts.models import OrganisationKind
from backend.core.db import Database
from backend.firms import service
from backend.firms.drafts import FirmDraft
from tests.integration.programs import Program, Programs


@pytest.fixture
def programs(app: FastAPI, database: Database) -> Programs:
    return Programs(app, database)


@pytest.fixture
def firm_id(database: Database) -> str:
    """The firm of the workshop's program."""
    with database.writing() as session:
        return service.create_firm(session, None, FirmDraft(name="有限会社みほん板金", ward="大田区")).id


@pytest.fixture
def workshop(programs: Programs, firm_id: str) -> Program:
    return programs.of(OrganisationKind.WORKSHOP, firm_id=firm_id)


@pytest.fixture
def startup_program(programs: Programs) -> Program:
    return programs.of(OrganisationKind.STARTUP)


@pytest.fixture
def ota(programs: Programs) -> Program:
    """The body of coordinators of one ward."""
    return programs.of(OrganisationKind.COORDINATORS, wards=["大田区"])


@pytest.fixture
def sumida(programs: Programs) -> Program:
    """The body of another ward."""
    return programs.of(OrganisationKind.COORDINATORS, wards=["墨田区"])

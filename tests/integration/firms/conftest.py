"""Firms for the tests, made through the service."""

from collections.abc import Callable
from datetime import date

import pytest
from fastapi.testclient import TestClient

from backend.accounts.models import Role
from backend.core.db import Database
from backend.firms import service
from backend.firms.drafts import CapacityDraft, CertificateDraft, EquipmentDraft, FirmDraft, TechniqueDraft
from tests.conftest import SignInAs

MakeFirm = Callable[..., str]
FULL = FirmDraft(
    code="T-1",
    name="株式会社見本精機",
    kana="みほんせいき",
    corporate_number="7000012050002",
    address="東京都大田区大森南2-3-5",
    employees=6,
    capital_yen=10_000_000,
    representative_age_band="60s",
    succession_state="looking",
    website="https://example.jp/",
    own_words="アルミの小物を1個から。",
    lot_min=1,
    lot_max=300,
    tolerance_mm=0.02,
    can_lead="yes",
    equipment=(EquipmentDraft("マシニングセンタ", "牧野フライス製作所", "V33i", 2, (650, 450, 350), 2015),),
    techniques=(TechniqueDraft("マシニング加工", ("A5052",), experience="筐体を20年"),),
    materials=("A5052", "SUS304"),
    certificates=(CertificateDraft("ISO9001", date(2028, 3, 31)),),
    capacity=(CapacityDraft(date(2026, 12, 7), 20), CapacityDraft(date(2026, 12, 14), 0)),
)


@pytest.fixture
def make_firm(database: Database) -> MakeFirm:
    """A new firm from a draft; gives its id."""

    def make(draft: FirmDraft = FULL) -> str:
        with database.writing() as session:
            return service.create_firm(session, None, draft).id

    return make


@pytest.fixture
def firm_id(make_firm: MakeFirm) -> str:
    """The firm with every field filled in."""
    return make_firm()


@pytest.fixture
def owner(sign_in_as: SignInAs, firm_id: str) -> TestClient:
    """Somebody of that firm."""
    return sign_in_as(Role.WORKSHOP, firm_id=firm_id)

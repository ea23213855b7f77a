"""A few firms for the tests of this folder, entered through the service."""

from dataclasses import replace
from datetime import timedelta

from backend.core import clock
from backend.core.db import Database
from backend.firms import service
from backend.firms.drafts import CapacityDraft, EquipmentDraft, FirmDraft, TechniqueDraft
from backend.firms.models import Firm

BENDING = FirmDraft(
    name="有限会社とんぼ板金",
    ward="墨田区",
    own_words="薄板の曲げと溶接。10個前後の試作が中心。",
    techniques=(TechniqueDraft("曲げ加工"), TechniqueDraft("溶接")),
    equipment=(EquipmentDraft("プレスブレーキ", envelope_mm=(1200.0, 800.0, 400.0)),),
    materials=("A5052", "SUS304"),
    tolerance_mm=0.1,
    lot_min=1,
    lot_max=300,
    can_lead="yes",
)
ASKED = "A5052の板を曲げて溶接した箱を10個。大きさは240×160×90。"


def enter(database: Database, draft: FirmDraft) -> Firm:
    """The firm in the register, with forty free hours in the next two weeks."""
    monday = clock.today() + timedelta(days=-clock.today().weekday() % 7)
    weeks = tuple(CapacityDraft(monday + timedelta(weeks=n), 20.0) for n in range(2))
    with database.writing() as session:
        return service.create_firm(session, None, replace(draft, capacity=weeks))

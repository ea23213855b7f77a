"""The JSON lines of the outer contract: what is read, and how a fault is named."""

from datetime import date

import pytest

from matching.records import RecordError, firm_from_record, request_from_record

FIRM: dict[str, object] = {
    "id": "F1",
    "name": "見本製作所",
    "ward": "大田区",
    "lat": 35.5,
    "lng": 139.7,
    "text": "削ります。",
    "processes": ["切削"],
    "equipment": [{"kind": "旋盤", "maker": "A", "model": "B", "count": 2, "envelope_mm": [65, 65, 150]}],
    "materials": ["SUS304"],
    "tolerance_mm": 0.02,
    "lot_min": 1,
    "lot_max": 100,
    "certifications": ["ISO9001"],
    "capacity": [{"week_start": "2026-12-07", "hours_free": 8}],
    "public_facility": False,
    "can_lead": True,
    "source": "ignored",
}


def test_a_full_firm() -> None:
    firm = firm_from_record(FIRM)
    assert (firm.id, firm.ward, firm.lot_max, firm.can_lead) == ("F1", "大田区", 100, True)
    assert firm.equipment[0].envelope_mm == (65.0, 65.0, 150.0)
    assert firm.capacity is not None
    assert firm.capacity[0].week_start == date(2026, 12, 7)


def test_all_but_the_id_may_be_missing_and_stays_unknown() -> None:
    firm = firm_from_record({"id": "F1"})
    assert (firm.tolerance_mm, firm.lot_min, firm.capacity, firm.can_lead, firm.public_facility) == (None,) * 5
    assert (firm.processes, firm.equipment, firm.text) == ((), (), "")


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [
        ("id", None, "id"),
        ("id", " ", "id"),
        ("name", 5, "name"),
        ("lat", "35", "lat"),
        ("lat", True, "lat"),
        ("processes", "切削", "processes"),
        ("processes", ["切削", 1], "processes[1]"),
        ("tolerance_mm", 0, "tolerance_mm"),
        ("tolerance_mm", float("inf"), "tolerance_mm"),
        ("lot_min", -1, "lot_min"),
        ("lot_min", 1.5, "lot_min"),
        ("public_facility", "no", "public_facility"),
        ("equipment", [{"maker": "A"}], "equipment[0].kind"),
        ("equipment", [{"kind": "旋盤", "envelope_mm": [1, 2]}], "equipment[0].envelope_mm"),
        ("equipment", [{"kind": "旋盤", "envelope_mm": [1, 2, -3]}], "equipment[0].envelope_mm[2]"),
        ("equipment", ["旋盤"], "equipment[0]"),
        ("equipment", {"kind": "旋盤"}, "equipment"),
        ("capacity", [{"week_start": "12/7", "hours_free": 8}], "capacity[0].week_start"),
        ("capacity", [{"week_start": "2026-12-07", "hours_free": -8}], "capacity[0].hours_free"),
    ],
)
def test_a_fault_names_its_field(field: str, value: object, place: str) -> None:
    with pytest.raises(RecordError) as caught:
        firm_from_record({**FIRM, field: value})
    assert caught.value.field == place
    assert caught.value.expected


def test_a_record_must_be_an_object() -> None:
    with pytest.raises(RecordError, match="JSON object"):
        firm_from_record([])


def test_of_a_request_only_three_fields_are_read() -> None:
    request = request_from_record({"id": "R1", "text": "箱", "today": "2026-12-01", "structured": 7, "kind": []})
    assert (request.id, request.text, request.today) == ("R1", "箱", date(2026, 12, 1))


@pytest.mark.parametrize("missing", ["id", "text", "today"])
def test_a_request_needs_all_three(missing: str) -> None:
    record = {"id": "R1", "text": "箱", "today": "2026-12-01"}
    del record[missing]
    with pytest.raises(RecordError, match=missing):
        request_from_record(record)

"""`nakamawa compose`: problems in, one JSON line each out, or one clear line and exit 2."""

import json
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from backend import cli
from backend.teams.compose import BadProblem, answers, read_problem

PROBLEM: dict[str, Any] = {
    "start": "2026-12-07",
    "due": "2027-01-22",
    "holidays": ["2026-12-29", "2026-12-30"],
    "steps": [
        {"id": "s1", "process": "切削", "hours": 12.0, "after": []},
        {"id": "s2", "process": "アルマイト", "hours": 6.0, "after": ["s1"]},
    ],
    "firms": {
        "F1": {
            "lat": 35.56,
            "lng": 139.72,
            "can_lead": True,
            "capacity": [{"week_start": "2026-12-07", "hours_free": 20.0}],
        },
        "F2": {"lat": 35.57, "lng": 139.73, "capacity": [{"week_start": "2026-12-07", "hours_free": 20.0}]},
    },
    "candidates": {"s1": [{"firm_id": "F1", "fit": 0.93}], "s2": [{"firm_id": "F2", "fit": 0.71}]},
    "past_handovers": [["F1", "F2"]],
}


def changed(path: str, value: object) -> dict[str, Any]:
    problem: dict[str, Any] = deepcopy(PROBLEM)
    place: Any = problem
    *way, last = (int(part) if part.isdigit() else part for part in path.split("."))
    for part in way:
        place = place[part]
    place[last] = value
    return problem


def written(folder: Path, problem: object, name: str = "problem.json") -> Path:
    file = folder / name
    file.write_text(json.dumps(problem, ensure_ascii=False), "utf-8")
    return file


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["nakamawa", "compose", *words])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return int(end.value.code or 0)


def test_an_answer_as_the_contract_says(tmp_path: Path) -> None:
    result = json.loads(next(answers([written(tmp_path, PROBLEM)])))
    assert result["optimal"] is True
    (answer,) = result["answers"]
    assert result["bound"] == answer["cost"]
    assert answer["assignment"] == {"s1": "F1", "s2": "F2"}
    assert answer["lead_firm"] == "F1"
    # Four hours a day: three days, then a day and a half, neighbours by bicycle.
    assert answer["starts"] == {"s1": "2026-12-07", "s2": "2026-12-10"}
    assert answer["finishes"] == {"s1": "2026-12-09", "s2": "2026-12-11"}
    assert answer["finish"] == "2026-12-11"
    expected = 10 * (0.07 + 0.29) + 0.2 * answer["km"] + 1.0 + 0.1 * 5 - 0.5
    assert answer["cost"] == pytest.approx(expected, abs=1e-6)
    assert answer["km"] == pytest.approx(1.43, abs=0.01)


def test_the_command_prints_one_line_a_problem_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    impossible = written(tmp_path, changed("candidates.s2", []), "second.json")
    assert run(monkeypatch, str(written(tmp_path, PROBLEM)), str(impossible), "--k", "3") == 0
    first, second = capsys.readouterr().out.splitlines()
    assert len(json.loads(first)["answers"]) == 1
    assert json.loads(second)["infeasible"]["relaxation"] == {"missing_process": "アルマイト"}


def test_k_of_the_command_line_prevails(tmp_path: Path) -> None:
    both = [{"firm_id": "F1", "fit": 0.5}, {"firm_id": "F2", "fit": 0.6}]
    file = written(tmp_path, {**PROBLEM, "candidates": {"s1": both, "s2": both}, "params": {"k": 1}})
    assert [len(json.loads(next(answers([file], k)))["answers"]) for k in (None, 3, 9)] == [1, 3, 4]


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("start", "2026-12-06", "start: 2026-12-06 is not a working day"),
        ("start", "2026-12-29", "start: 2026-12-29 is not a working day"),
        ("start", "7 December", "start: '7 December' is not a date; write it as 2026-12-07"),
        ("start", "20261207", "start: '20261207' is not a usual date"),
        ("due", "2026-12-01", "due: 2026-12-01 lies before start"),
        ("holidays.0", 5, "holidays[0]: a non-empty text is expected here"),
        ("steps", [], "steps: at least one step is needed"),
        ("steps.1.id", "s1", "steps[1].id: 's1' is used twice"),
        ("steps.0.hours", -1, "steps[0].hours: -1 is out of range"),
        ("steps.0.hours", 0, "steps[0].hours: the hours of a step must be more than 0"),
        ("steps.0.after", ["s2"], "steps[0].after: 's2' is not an earlier step"),
        ("steps.0.hours", 1e-12, "steps[0].hours: the hours of a step must be more than 0"),
        ("steps.0.hours", 1e308, "steps[0].hours: 1e+308 is out of range; give a number from 0 to 1e+06"),
        ("steps.0.hours", float("nan"), "steps[0].hours: a number is expected here"),
        ("firms.F1.capacity.0.hours_free", 1e300, "firms.F1.capacity[0].hours_free: 1e+300 is out of range"),
        ("params", {"w_firm": 1e308}, "params.w_firm: 1e+308 is out of range; give a number from 0 to 1e+09"),
        ("firms.F1.lat", 95, "firms.F1.lat: 95 is out of range; give a number from -90 to 90"),
        ("firms.F1.can_lead", 1, "firms.F1.can_lead: true, false or null"),
        ("firms.F1.capacity.0.hours_free", -2, "firms.F1.capacity[0].hours_free: -2 is out of range"),
        ("firms.F1.capacity.0.week_start", "2199-12-07", "firms.F1.capacity[0].week_start: 2199-12-07 is too far"),
        ("candidates.s9", [], "candidates.s9: there is no such step"),
        ("candidates.s1.0.firm_id", "F9", "candidates.s1[0].firm_id: there is no firm 'F9'"),
        ("candidates.s1.0.fit", 1.5, "candidates.s1[0].fit: 1.5 is out of range"),
        ("past_handovers.0", ["F1"], "past_handovers[0]: two firm ids are expected"),
        ("params", {"k": 0}, "params.k: a whole number of at least 1"),
        ("params", {"w_km": "far"}, "params.w_km: a number is expected here"),
        ("params", {"max_shared": 2}, "params.max_shared: 2 is out of range"),
    ],
)
def test_a_malformed_problem_is_refused_with_field_and_remedy(
    tmp_path: Path, path: str, value: object, said: str
) -> None:
    file = written(tmp_path, changed(path, value))
    with pytest.raises(BadProblem) as refusal:
        read_problem(file)
    assert str(refusal.value).startswith(f"{file}: {said}")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 200_000, b'{"start": NaN}'])
def test_what_is_no_problem_at_all_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "problem.json"
    file.write_bytes(content)
    with pytest.raises(BadProblem, match=r"problem\.json: "):
        read_problem(file)


def test_one_bad_problem_prints_nothing_and_ends_with_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = written(tmp_path, changed("steps.0.hours", -1), "bad.json")
    assert run(monkeypatch, str(written(tmp_path, PROBLEM)), str(bad)) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert "bad.json: steps[0].hours" in said.err


def test_a_file_that_is_not_there(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "nowhere.json") == 2
    assert "nowhere.json" in capsys.readouterr().err

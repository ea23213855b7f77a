"""Ranking from file to file: what is written, and how a bad file is refused without writing anything."""

import json
import sys
from pathlib import Path

import pytest

from backend import cli
from backend.matches.rank import BadFile, rank, read_firms, read_requests
from matching.api import MatchIndex
from matching.encoders import HashingEncoder
from matching.types import Need

FIRM = {
    "id": "F1",
    "name": "見本製作所",
    "text": "アルミを削ります。",
    "processes": ["マシニング加工"],
    "materials": ["A5052"],
    "lot_min": 1,
    "lot_max": 100,
    "source": "ignored",
}
PLATER = {"id": "F2", "name": "見本めっき", "processes": ["アルマイト"], "materials": ["アルミ"]}
ONE = {"id": "R1", "text": "A5052の箱を10個、切削加工で。", "today": "2026-12-01", "structured": None}
BOTH = {"id": "R2", "text": "A5052をマシニング加工してアルマイトまで。5個。", "today": "2026-12-01"}
ENGLISH = {"id": "R3", "text": "Ten milled brackets in A5052, please.", "today": "2026-12-01"}


def written(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")
    return path


@pytest.fixture
def firms(tmp_path: Path) -> Path:
    return written(tmp_path / "firms.jsonl", FIRM, PLATER)


@pytest.fixture
def requests(tmp_path: Path) -> Path:
    return written(tmp_path / "requests.jsonl", ONE, BOTH, ENGLISH)


def answers(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def ranked(firms: Path, requests: Path, out: Path) -> list[dict[str, object]]:
    index = MatchIndex.build(read_firms(firms), HashingEncoder())
    totals = rank(index, read_requests(requests), out)
    assert (totals.firms, totals.requests) == (2, 3)
    assert totals.ms_per_request > 0
    return answers(out)


def test_threads_take_turns_as_before_when_all_is_ranked(firms: Path, requests: Path, tmp_path: Path) -> None:
    before = sys.getswitchinterval()
    ranked(firms, requests, tmp_path / "out.jsonl")
    assert sys.getswitchinterval() == before


def test_one_line_for_each_request_in_the_agreed_form(firms: Path, requests: Path, tmp_path: Path) -> None:
    first, second, english = ranked(firms, requests, tmp_path / "out.jsonl")
    assert list(first) == ["id", "understood", "steps", "ranking", "teams", "ms"]
    assert first["understood"] == {
        "material": "A5052",
        "size_mm": None,
        "tolerance_mm": None,
        "quantity": 10,
        "due": None,
        "certifications": None,
        "processes": ["切削加工"],
    }
    ranking = first["ranking"]
    assert isinstance(ranking, list)
    assert [place["firm_id"] for place in ranking] == ["F1", "F2"]
    assert set(ranking[0]) == {"firm_id", "score", "verdict", "reasons", "questions"}
    assert (first["steps"], first["teams"]) == ([], [])
    assert second["steps"] == ["フライス加工", "アルマイト"]
    assert english["id"] == "R3"


def test_reasons_speak_the_language_of_the_request(firms: Path, requests: Path, tmp_path: Path) -> None:
    first, _, english = ranked(firms, requests, tmp_path / "out.jsonl")
    assert "A5052を扱う" in json.dumps(first, ensure_ascii=False)
    assert "Works A5052" in json.dumps(english, ensure_ascii=False)


def test_teams_and_the_names_of_their_steps_come_from_the_maker(firms: Path, requests: Path, tmp_path: Path) -> None:
    asked: list[tuple[str, int]] = []

    def make(need: Need, wanted: int) -> tuple[list[str], list[dict[str, object]]]:
        asked.append((need.text, wanted))
        return (["削る", "染める"], [{"assignments": []}]) if need.text == BOTH["text"] else ([], [])

    out = tmp_path / "out.jsonl"
    index = MatchIndex.build(read_firms(firms), HashingEncoder())
    rank(index, read_requests(requests), out, 20, 3, make)
    assert {wanted for _, wanted in asked} == {3}
    assert [line["steps"] for line in answers(out)] == [[], ["削る", "染める"], []]
    assert [bool(line["teams"]) for line in answers(out)] == [False, True, False]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id": "F1"', "2: expected JSON"),
        ("[]", "2: record: expected a JSON object"),
        ('{"name": "x"}', "2: id: expected"),
        ('{"id": "F9", "lat": NaN}', "2: record: expected finite numbers"),
        ('{"id": "F9", "lot_min": "3"}', "2: lot_min: expected a number"),
        ('{"id": "F1"}', "2: id: expected a new id, but line 1"),
        ("[" * 100_000, "2: expected JSON"),
    ],
)
def test_a_fault_is_named_with_file_line_and_field(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "firms.jsonl"
    path.write_text(f"{json.dumps(FIRM)}\n{line}\n", encoding="utf-8")
    with pytest.raises(BadFile) as caught:
        read_firms(path)
    assert f"firms.jsonl:{message}" in str(caught.value)


def test_other_bytes_and_empty_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes('{"id": "工場"}'.encode("cp932"))
    (tmp_path / "b.jsonl").write_text("\n")
    with pytest.raises(BadFile, match="UTF-8"):
        read_firms(tmp_path / "a.jsonl")
    with pytest.raises(BadFile, match="at least one line"):
        read_requests(tmp_path / "b.jsonl")


def test_what_cannot_be_written_leaves_nothing(firms: Path, requests: Path, tmp_path: Path) -> None:
    out = tmp_path / "taken"
    out.mkdir()
    with pytest.raises(BadFile, match="taken"):
        rank(MatchIndex.build(read_firms(firms), HashingEncoder()), read_requests(requests), out)
    assert not list(tmp_path.glob("*.part"))


@pytest.fixture
def test_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NAKAMAWA_ENVIRONMENT", "test")
    monkeypatch.setenv("NAKAMAWA_ENCODER", "hashing")
    monkeypatch.setenv("NAKAMAWA_DATA_DIR", str(tmp_path / "data"))


@pytest.mark.usefixtures("test_settings")
def test_the_command_prints_totals(
    firms: Path, requests: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    monkeypatch.setattr(
        "sys.argv", ["nakamawa", "rank", "--firms", str(firms), "--requests", str(requests), "--out", str(out)]
    )
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    assert "3 requests × 2 firms" in capsys.readouterr().out
    assert len(answers(out)) == 3


@pytest.mark.usefixtures("test_settings")
def test_the_command_refuses_bad_input_in_one_line(
    firms: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = written(tmp_path / "bad.jsonl", {"id": "R1", "text": "", "today": "2026-12-01"})
    out = tmp_path / "out.jsonl"
    monkeypatch.setattr(
        "sys.argv", ["nakamawa", "rank", "--firms", str(firms), "--requests", str(bad), "--out", str(out)]
    )
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert capsys.readouterr().err.strip().endswith("bad.jsonl:1: text: expected a text that is not empty")
    assert not out.exists()

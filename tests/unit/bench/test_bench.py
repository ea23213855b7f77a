"""The benchmark runs, and says when a figure is above what the project asks."""

import sys
from pathlib import Path

import pytest

from bench.__main__ import main
from bench.measure import Row, percentile, resident_mb


def test_a_row_says_whether_its_limit_holds() -> None:
    assert Row("x", 2.0, "s").line.split() == ["x", "2.00", "s"]
    assert "ok" in Row("x", 2.0, "s", 2).line
    assert "TOO MUCH" in Row("x", 2.1, "s", 2).line
    assert Row("x", 2.0, "×", least=2).line.endswith("(at least 2: ok)")
    assert Row("x", 1.9, "×", least=2).line.endswith("(at least 2: TOO LITTLE)")
    assert [Row("x", value, "", 3, least=2).ok for value in (1.0, 2.5, 4.0)] == [False, True, False]


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(number) for number in range(100, 0, -1)]
    assert percentile(values, 0.5) == 51
    assert percentile(values, 0.95) == 96
    assert percentile([7.0], 0.95) == 7


def test_this_process_takes_memory() -> None:
    assert 10 < resident_mb() < 100_000


@pytest.mark.slow
def test_the_table_is_printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "--hashing", "--firms", "40", "--no-composition", "--no-desk"])
    main()
    printed = capsys.readouterr().out
    for name in (
        "index built in",
        "firms read in",
        "request answered, 95th percentile",
        "memory held",
        "exact / faiss",
    ):
        assert name in printed


def test_a_missing_model_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "--firms", "1", "--model", str(tmp_path)])
    assert main() == 2
    assert "make model" in capsys.readouterr().err

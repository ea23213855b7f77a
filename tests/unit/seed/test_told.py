"""Marked requests: what the marks say, and what is told of a line that is not well marked."""

from pathlib import Path

import pytest

from seed import told
from seed.hearing import stretches
from seed.told import Mark, told_phrases, told_requests


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "told_requests.tsv"
    monkeypatch.setattr(told, "REQUESTS", file)
    return file


def test_marks_are_places_in_the_text_without_them(written: Path) -> None:
    written.write_text(
        "ja\tSS400の板を[[曲げて|bending]]、[[黒く塗る|painting]]。型はあります。\t+laser_cutting,bending,painting\n"
    )
    (request,) = told_requests()
    assert request.text == "SS400の板を曲げて、黒く塗る。型はあります。"
    assert request.marks == (Mark(8, 11, "bending"), Mark(12, 16, "painting"))
    assert [request.text[mark.start : mark.end] for mark in request.marks] == ["曲げて", "黒く塗る"]
    assert request.steps == ("laser_cutting", "bending", "painting")
    assert request.unsaid == {"laser_cutting"}


def test_a_stretch_tells_of_one_operation_or_of_none(written: Path) -> None:
    written.write_text("ja\tSS400の板を[[曲げて|bending]]、[[黒く塗る|painting]]。来月まで。\tbending,painting\n")
    found = list(stretches(told_requests()))
    assert [(one.text, one.label) for one in found] == [
        ("SS400の板を曲げて、", "bending"),
        ("黒く塗る。", "painting"),
        ("来月まで。", "none"),
    ]
    assert "steel" in found[1].traits


@pytest.mark.parametrize(
    ("line", "trouble"),
    [
        ("ja\t[[曲げて|bending]]。", "three fields"),
        ("ja\t[[曲げて|bend]]。\tbend", "no process “bend”"),
        ("ja\t[[曲げて|bending]]。\tpainting", "not those that are marked"),
        ("ja\t[[曲げて|bending]]。\tbending,painting", "not those that are marked"),
    ],
)
def test_a_line_that_is_not_well_marked_is_named(written: Path, line: str, trouble: str) -> None:
    written.write_text(f"ja\t[[塗る|painting]]\tpainting\n{line}\n")
    with pytest.raises(ValueError, match=trouble) as refusal:
        told_requests()
    assert "told_requests.tsv, line 2" in str(refusal.value)


def test_all_that_is_kept_is_well_marked() -> None:
    requests, phrases = told_requests(), told_phrases()
    assert len(requests) > 5000
    assert len(phrases) > 6000
    assert all(request.text[m.start : m.end].strip() for request in requests for m in request.marks)

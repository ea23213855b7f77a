"""Processes to add to a route, found by names, by the words of laymen and by what looks alike."""

import pytest

from backend.teams.route_words import MOST, USUAL, search
from matching.routing.practice import is_step


@pytest.mark.parametrize(
    ("words", "process_id"),
    [
        ("応力", "stress_relief"),
        ("黒アルマイト", "black_anodising"),
        ("カニゼン", "electroless_nickel"),
        ("tig", "tig_welding"),
        ("ＴＩＧ", "tig_welding"),
        ("ワイヤーカット", "wire_edm"),
        ("painting", "painting"),
        ("真空注形", "vacuum_casting"),
    ],
)
def test_words_lead_to_a_process(words: str, process_id: str) -> None:
    found = [choice.process_id for choice in search(words)]
    assert process_id in found
    assert len(found) <= MOST
    assert len(set(found)) == len(found)


def test_without_words_the_usual_ones_are_offered() -> None:
    assert {choice.process_id for choice in search("  ")} <= set(USUAL)
    assert all(is_step(id_) for id_ in USUAL)


@pytest.mark.parametrize("words", ["qqqqqq", "(((", "🙂", "あ" * 5000])
def test_nonsense_finds_nothing_and_breaks_nothing(words: str) -> None:
    assert search(words) == ()


def test_a_choice_names_its_trade() -> None:
    [tig] = [choice for choice in search("TIG溶接") if choice.process_id == "tig_welding"]
    assert (tig.name, tig.trade) == ("TIG溶接", "溶接")

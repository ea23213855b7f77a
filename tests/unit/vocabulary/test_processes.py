"""Processes: found in the words of a shop, a buyer, a founder and an English speaker; who can stand in for whom."""

import pytest

from matching.vocabulary.processes import affinity, find_processes, is_a, machine_processes, processes


def found(text: str) -> list[str]:
    return [hit.process_id for hit in find_processes(text)]


@pytest.mark.parametrize(
    ("text", "process_id"),
    [
        ("平研をお願いします", "surface_grinding"),
        ("円研で仕上げ", "cylindrical_grinding"),
        ("ワイヤー・カット", "wire_edm"),
        ("WEDM", "wire_edm"),
        ("型彫り放電", "sinker_edm"),
        ("カニゼンを10μ", "electroless_nickel"),
        ("四三酸化鉄", "black_oxide"),
        ("陽極酸化", "anodising"),
        ("焼き入れ", "hardening"),
        ("焼入をして", "hardening"),
        ("スピニング", "spinning"),
        ("シートメタル", "sheet_metal"),
        ("真空成型で", "vacuum_forming"),
        ("please have it hard-anodized", "hard_anodising"),
        ("a wire harness for our robot", "wire_harness"),
        ("CNC turned parts", "turning"),
        ("injection moulded lids", "injection_moulding"),
    ],
)
def test_terms(text: str, process_id: str) -> None:
    hits = find_processes(text)
    assert [hit.process_id for hit in hits] == [process_id]
    assert not hits[0].cue


@pytest.mark.parametrize(
    ("text", "process_id"),
    [
        ("薄い板を曲げてほしい", "bending"),
        ("鏡みたいに磨く", "mirror_polishing"),
        ("糸のこのように細い電極線で切り出す", "wire_edm"),
        ("アルミを溶かして流し込む", "casting"),
        ("ゴム型で複製したい", "vacuum_casting"),
        ("シートを温めて型に吸い付けて形にする", "vacuum_forming"),
        ("円い板を回しながらへらで押す", "spinning"),
        ("X-rayで中を見る", "xray_ct"),
        ("鉄の部品を黒くしたい", "black_oxide"),
        ("図面がないのですが", "design"),
        ("look inside without opening it", "xray_ct"),
    ],
)
def test_lay_wording(text: str, process_id: str) -> None:
    assert (process_id, True) in [(hit.process_id, hit.cue) for hit in find_processes(text)]


@pytest.mark.parametrize(
    ("text", "process_ids"),
    [
        ("電解研磨", ["electropolishing"]),
        ("錆止め塗装", ["rust_proof_painting"]),
        ("プレスリリースを出しました", []),
        ("プロジェクトマネジメント", []),
        ("MCナイロン", []),
        ("the turning point of our project", []),
        ("貼り箱に入れて", ["rigid_box"]),
    ],
)
def test_the_longest_wording_wins(text: str, process_ids: list[str]) -> None:
    assert found(text) == process_ids


def test_hits_stand_in_the_order_of_the_text_and_keep_its_words() -> None:
    text = "ＮＣ旋盤で削り、焼き入れして、メッキ"
    hits = find_processes(text)
    assert [hit.span.text for hit in hits] == ["ＮＣ旋盤", "焼き入れ", "メッキ"]
    assert all(text[hit.span.start : hit.span.end] == hit.span.text for hit in hits)


def test_every_process_is_found_by_its_own_name() -> None:
    for process in processes().values():
        if not process.heading:
            assert process.id in found(process.ja), process.id


@pytest.mark.parametrize(
    ("kind", "process_id"),
    [
        ("プレスブレーキ", "bending"),
        ("ワイヤ放電加工機", "wire_edm"),
        ("立形マシニングセンター（樹脂用）", "milling"),
        ("平面研削盤", "surface_grinding"),
        ("ロボドリル", "milling"),
        ("引張試験の設備", "tensile_test"),
    ],
)
def test_machines(kind: str, process_id: str) -> None:
    assert process_id in machine_processes(kind)


def test_an_unknown_machine_is_for_nothing_we_know() -> None:
    assert machine_processes("天井クレーン") == ()


@pytest.mark.parametrize(
    ("wanted", "offered", "least", "most"),
    [
        ("turning", "turning", 1.0, 1.0),
        ("plating", "gold_plating", 1.0, 1.0),
        ("milling_5axis_simultaneous", "milling_5axis", 0.6, 0.9),
        ("milling_5axis_simultaneous", "milling", 0.3, 0.6),
        ("milling", "mill_turn", 0.3, 0.9),
        ("turning", "mill_turn", 1.0, 1.0),
        ("additive", "stereolithography", 1.0, 1.0),
        ("milling", "milling_5axis_indexed", 1.0, 1.0),
        ("gold_plating", "zinc_plating", 0.0, 0.0),
        ("wire_harness", "electronics", 0.0, 0.0),
        ("turning", "dyeing", 0.0, 0.0),
    ],
)
def test_affinity(wanted: str, offered: str, least: float, most: float) -> None:
    assert least <= affinity(wanted, offered) <= most


def test_is_a() -> None:
    assert is_a("hobbing", "gear_making")
    assert not is_a("gear_making", "hobbing")
    with pytest.raises(KeyError):
        is_a("alchemy", "turning")

"""The index over firms: build, change, ask, keep; the encoder is the hashing one."""

import json
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matching.encoders import HashingEncoder
from matching.indexes import IndexUnusable
from matching.retrieval import Arm, Changes, RetrievalIndex, digest, lexical_text, passages, rank_arm
from matching.types import Equipment, FirmProfile
from seed.generator import generate_firms

GRIND = FirmProfile(
    id="grind",
    name="池上研磨",
    ward="大田区",
    text="平面研削ひとすじ。±0.002まで。50年。",
    processes=("平面研削",),
    equipment=(Equipment("平面研削盤", "岡本", "PSG-63"), Equipment("平面研削盤", "岡本", "PSG-63")),
    materials=("SKD11",),
)
PLATE = FirmProfile(id="plate", name="墨田鍍金", text="無電解ニッケルめっきと亜鉛めっき。", processes=("めっき",))
BARE = FirmProfile(id="bare", name="無口製作所")
FIRMS = (GRIND, PLATE, BARE)


@pytest.fixture
def index() -> RetrievalIndex:
    return RetrievalIndex.build(FIRMS, HashingEncoder())


def test_passages_are_sentences_operations_and_machines_once_each() -> None:
    assert passages(GRIND) == ("平面研削ひとすじ。", "±0.002まで。50年。", "平面研削", "平面研削盤 岡本 PSG-63")


def test_a_firm_that_says_nothing_is_known_by_its_name() -> None:
    assert passages(BARE) == ("無口製作所",)
    assert passages(FirmProfile(id="x", name=" ")) == ("x",)


def test_keyword_text_holds_every_searchable_fact() -> None:
    for fact in ("池上研磨", "大田区", "±0.002", "平面研削盤 岡本 PSG-63", "SKD11"):
        assert fact in lexical_text(GRIND)


def test_the_digest_follows_the_words_and_nothing_else() -> None:
    assert digest(GRIND) == digest(replace(GRIND, lot_min=3, can_lead=True))
    assert digest(GRIND) != digest(replace(GRIND, text="円筒研削"))
    assert digest(GRIND) != digest(replace(GRIND, materials=()))


def test_signals_stand_beside_their_firms_and_lie_between_0_and_1(index: RetrievalIndex) -> None:
    signals = index.signals("SKD11の平面研削")
    assert signals.firm_ids == index.firm_ids == ("grind", "plate", "bare")
    for values in (signals.dense, signals.lexical):
        assert values.dtype == np.float32
        assert values.argmax() == 0
        assert values.max() == 1.0
        assert values.min() == 0.0


def test_a_firms_signal_does_not_depend_on_who_else_was_asked_for(index: RetrievalIndex) -> None:
    whole, part = index.signals("めっき"), index.signals("めっき", ["bare", "plate"])
    assert part.firm_ids == ("bare", "plate")
    assert part.dense.tolist() == [whole.dense[2], whole.dense[1]]
    assert part.lexical.tolist() == [whole.lexical[2], whole.lexical[1]]
    with pytest.raises(KeyError):
        index.signals("めっき", ["nobody"])


@pytest.mark.parametrize("text", ["", "  \n", "\ud800", "\x00", "研" * 100_000])
def test_any_text_is_answered(index: RetrievalIndex, text: str) -> None:
    signals = index.signals(text)
    assert np.isfinite(signals.dense).all()
    assert np.isfinite(signals.lexical).all()


def test_an_empty_text_and_an_empty_index_say_nothing(index: RetrievalIndex) -> None:
    assert index.signals(" ").dense.tolist() == [0, 0, 0]
    assert RetrievalIndex(HashingEncoder()).signals("研削").firm_ids == ()


def test_the_next_question_sees_a_change(index: RetrievalIndex) -> None:
    index.upsert(replace(BARE, text="へら絞りで照明の傘を作ります。"))
    assert rank_arm(index, Arm.LEXICAL, "へら絞り")[0].id == "bare"
    index.upsert(FirmProfile(id="new", name="新工場", text="ガラスの切子"))
    assert rank_arm(index, "convex", "切子")[0].id == "new"
    index.remove("new")
    index.remove("new")
    assert "new" not in index.firm_ids


def test_any_history_gives_the_signals_of_a_fresh_build() -> None:
    firms = list(generate_firms(30, seed=3))
    lived = RetrievalIndex.build([GRIND, *firms[:20]], HashingEncoder())
    lived.remove("grind")
    for firm in firms[5:]:
        lived.upsert(replace(firm, text=firm.text + "途中の話。"))
        lived.upsert(firm)
    fresh = RetrievalIndex.build(firms, HashingEncoder())
    ids = [firm.id for firm in firms]
    for text in ("めっきと研磨", "アルミの箱", firms[7].text):
        ours, theirs = lived.signals(text, ids), fresh.signals(text, ids)
        np.testing.assert_allclose(ours.dense, theirs.dense, atol=1e-5)
        np.testing.assert_allclose(ours.lexical, theirs.lexical, atol=1e-5)


def test_sync_does_only_what_changed(index: RetrievalIndex) -> None:
    told: list[tuple[int, int]] = []
    firms = [GRIND, replace(PLATE, text="金めっき"), FirmProfile(id="new", name="新")]
    changes = index.sync(firms, lambda done, total: told.append((done, total)))
    assert changes == Changes(added=1, changed=1, removed=1)
    assert told == [(2, 2)]
    assert dict(index.digests) == {firm.id: digest(firm) for firm in firms}
    assert index.sync(firms) == Changes(0, 0, 0)


def test_a_stored_index_answers_alike_and_can_change(index: RetrievalIndex, tmp_path: Path) -> None:
    index.remove("grind")
    index.save(tmp_path)
    again = RetrievalIndex.load(tmp_path, HashingEncoder())
    assert again.fingerprint == index.fingerprint
    for changed in (index, again):
        changed.upsert(GRIND)
    theirs = index.signals("研削とめっき")
    ours = again.signals("研削とめっき", theirs.firm_ids)
    np.testing.assert_allclose(ours.dense, theirs.dense, atol=1e-6)
    np.testing.assert_array_equal(ours.lexical, theirs.lexical)
    assert rank_arm(again, Arm.RRF, "研削とめっき") == rank_arm(index, Arm.RRF, "研削とめっき")


def test_saving_again_leaves_one_state(index: RetrievalIndex, tmp_path: Path) -> None:
    index.save(tmp_path)
    index.save(tmp_path)
    assert len(list(tmp_path.glob("state-*"))) == 1
    assert RetrievalIndex.load(tmp_path, HashingEncoder()).firm_ids == index.firm_ids


def test_another_models_index_is_refused(index: RetrievalIndex, tmp_path: Path) -> None:
    index.save(tmp_path)
    with pytest.raises(IndexUnusable, match="hashing-256"):
        RetrievalIndex.load(tmp_path, HashingEncoder(64))


def test_a_missing_index_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable):
        RetrievalIndex.load(tmp_path, HashingEncoder())


@pytest.mark.parametrize("name", ["index.json", "vectors.npy", "words.npz"])
def test_a_damaged_index_is_refused(index: RetrievalIndex, tmp_path: Path, name: str) -> None:
    index.save(tmp_path)
    path = next(tmp_path.glob(f"state-*/{name}"))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(IndexUnusable):
        RetrievalIndex.load(tmp_path, HashingEncoder())


@pytest.mark.parametrize("meta", [{}, [], {"format": 0}, {"format": 1, "fingerprint": "hashing-256", "firms": [{}]}])
def test_an_index_of_another_shape_is_refused(index: RetrievalIndex, tmp_path: Path, meta: object) -> None:
    index.save(tmp_path)
    next(tmp_path.glob("state-*/index.json")).write_text(json.dumps(meta))
    with pytest.raises(IndexUnusable):
        RetrievalIndex.load(tmp_path, HashingEncoder())


def test_a_failed_save_leaves_the_old_state(index: RetrievalIndex, tmp_path: Path) -> None:
    index.save(tmp_path)
    # A folder in the place of the pointer's draft stands for a disk that refuses the write.
    (tmp_path / "CURRENT.new").mkdir()
    index.remove("bare")
    with pytest.raises(OSError, match=r"CURRENT\.new"):
        index.save(tmp_path)
    assert len(list(tmp_path.glob("state-*"))) == 1
    assert "bare" in RetrievalIndex.load(tmp_path, HashingEncoder()).firm_ids


def test_asking_and_changing_at_once(index: RetrievalIndex) -> None:
    firms = list(generate_firms(20, seed=9))
    failures: list[Exception] = []

    def ask() -> None:
        try:
            for _ in range(40):
                signals = index.signals("アルミの研削")
                assert len(signals.dense) == len(signals.lexical) == len(signals.firm_ids)
        except Exception as error:  # noqa: BLE001  whatever fails in the thread belongs to this test
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for firm in firms:
        index.upsert(firm)
        index.remove(firm.id)
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.parametrize("arm", list(Arm))
def test_every_arm_ranks_the_obvious_firm_first(index: RetrievalIndex, arm: Arm) -> None:
    hits = rank_arm(index, arm, "無電解ニッケルめっきと亜鉛めっき", k=2)
    assert hits[0].id == "plate"
    assert len(hits) == 2
    assert hits[0].score >= hits[1].score


def test_words_pass_from_firms_that_go_to_firms_that_come(index: RetrievalIndex) -> None:
    """One firm goes and one forgets its words, while others begin to say the same."""
    heirs = (replace(GRIND, id="heir"), replace(PLATE, text="めっき全般。"), replace(BARE, text=PLATE.text))
    assert index.sync(heirs) == Changes(added=1, changed=2, removed=1)
    assert set(index.firm_ids) == {"heir", "plate", "bare"}
    anew = RetrievalIndex.build(heirs, HashingEncoder())
    for question in ("平面研削", "亜鉛めっき"):
        kept, built = (
            index.signals(question, ["heir", "plate", "bare"]),
            anew.signals(question, ["heir", "plate", "bare"]),
        )
        np.testing.assert_allclose(kept.dense, built.dense, atol=1e-6)

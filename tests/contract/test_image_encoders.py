"""What an ImageEncoder keeps: open_clip on a tiny checkpoint in its own folder format."""

from __future__ import annotations

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from cml_mm.errors import ModelError, ModelMissing
from cml_mm.models.open_clip_encoder import OpenClipEncoder, middle_of, split_text
from cml_mm.models.open_clip_weights import find_weights
from cml_mm.ports import ImageEncoder, Picture
from tests.support.tiny_senses import tiny_clip

ROOT = Path(__file__).resolve().parents[2]
LONG = "members decide together about the common pool " * 12  # 84 tokens and their marks


def pictures(count: int) -> list[Picture]:
    """Noise in several sizes and shapes."""
    random = np.random.default_rng(3)
    return [random.integers(0, 256, (24 + 5 * one, 60 - 3 * one, 3), dtype=np.uint8) for one in range(count)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_clip(tmp_path_factory.mktemp("clip") / "tiny")


@pytest.fixture(scope="module")
def clip(folder: Path) -> ImageEncoder:
    return OpenClipEncoder(f"local-dir:{folder}")


def test_vectors_have_their_shape_and_length_1(clip: ImageEncoder) -> None:
    seen, read = clip.encode_pictures(pictures(10)), clip.encode_texts(["a well", "", LONG, "\ud83d 水"])
    assert seen.shape == (10, clip.dimension) and read.shape == (4, clip.dimension)
    assert seen.dtype == read.dtype == np.float32
    assert np.allclose(np.linalg.norm(np.concatenate([seen, read]), axis=1), 1, atol=1e-5)
    assert clip.encode_pictures([]).shape == clip.encode_texts([]).shape == (0, clip.dimension)


def test_a_vector_is_the_same_in_any_company(clip: ImageEncoder) -> None:
    shown, texts = pictures(10), ["a well", LONG, "a field"]
    alone = np.concatenate([clip.encode_pictures([one]) for one in shown])
    assert np.allclose(clip.encode_pictures(shown), alone, atol=1e-5)
    alone = np.concatenate([clip.encode_texts([text]) for text in texts])
    assert np.allclose(clip.encode_texts(texts), alone, atol=1e-5)


def test_colours_and_places_count(clip: ImageEncoder) -> None:
    red = np.zeros((40, 40, 3), np.uint8)
    red[:, :20, 0] = 255
    others = clip.encode_pictures([red, red[:, :, ::-1], red[:, ::-1], 255 - red])
    assert (others @ others.T)[~np.eye(4, dtype=bool)].max() < 0.9999


def test_odd_shapes_are_seen_by_their_middle(clip: ImageEncoder) -> None:
    assert middle_of(np.zeros((2, 60_000, 3), np.uint8)).shape == (2, 16, 3)
    assert middle_of(np.zeros((900, 100, 3), np.uint8)).shape == (800, 100, 3)
    assert middle_of(np.zeros((30, 200, 3), np.uint8)).shape == (30, 200, 3)
    line = np.zeros((2, 60_000, 3), np.uint8)  # scaled until its height fits, it would be a million wide
    line[:, 29_900:30_100] = 255
    seen = clip.encode_pictures([line, line[:, 29_990:30_010], np.full((1, 1, 3), 255, np.uint8)])
    assert np.allclose(seen[0], seen[1], atol=1e-2) and np.isfinite(seen).all()


def test_words_past_the_77th_token_change_the_vector(clip: ImageEncoder) -> None:
    plain, added, other = clip.encode_texts([LONG, f"{LONG} onions", f"{LONG} a dog in the snow"])
    assert not np.allclose(plain, added, atol=1e-6) and not np.allclose(added, other, atol=1e-6)


def test_a_short_text_is_read_as_open_clip_reads_it(clip: ImageEncoder, folder: Path) -> None:
    import open_clip
    import torch

    model, _, _ = open_clip.create_model_and_transforms(f"local-dir:{folder}")
    with torch.no_grad():
        tokens = open_clip.get_tokenizer(f"local-dir:{folder}")(["a well in a field"])
        expected = model.eval().encode_text(tokens, normalize=True).numpy()
    assert np.allclose(clip.encode_texts(["a well in a field"]), expected, atol=1e-5)


def test_long_texts_are_split_at_word_borders() -> None:
    parts = split_text(LONG, lambda text: len(text.split()), 10)
    assert " ".join(part for part, _ in parts).split() == LONG.split()
    assert max(count for _, count in parts) == 10 and sum(count for _, count in parts) == len(LONG.split())
    assert split_text("", len, 10) == [("", 0)] and split_text("a b", len, 10) == [("a b", 3)]
    pieces = split_text("well " + "x" * 25, len, 10)  # a word that does not fit by itself
    assert "".join(part for part, _ in pieces).replace(" ", "") == "well" + "x" * 25
    assert max(count for _, count in pieces) <= 10


def test_several_threads_get_the_same(clip: ImageEncoder) -> None:
    shown, texts = pictures(4), ["a well", LONG, "a field", ""]
    seen, read = clip.encode_pictures(shown), clip.encode_texts(texts)
    with ThreadPoolExecutor(4) as pool:
        again = np.concatenate(list(pool.map(lambda one: clip.encode_pictures([one]), shown)))
        anew = np.concatenate(list(pool.map(lambda text: clip.encode_texts([text]), texts)))
    assert np.allclose(again, seen, atol=1e-5) and np.allclose(anew, read, atol=1e-5)


def test_the_name_changes_with_the_weights_and_not_with_the_place(folder: Path, tmp_path: Path) -> None:
    name = OpenClipEncoder(f"local-dir:{folder}").name
    moved = shutil.copytree(folder, tmp_path / "moved" / "tiny")
    other = tiny_clip(tmp_path / "other" / "tiny", seed=2)
    assert OpenClipEncoder(f"local-dir:{moved}").name == name
    assert OpenClipEncoder(f"local-dir:{other}").name != name
    assert name.startswith("tiny/32d/") and len(name.rpartition("/")[2]) == 12


def test_a_tag_stands_for_the_hub_s_cache(
    folder: Path, clip: ImageEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(ModelMissing, match="is not on this machine") as caught:
        OpenClipEncoder()
    assert caught.value.hint == "Run: cml models get clip-vit-b-32"
    place = tmp_path / "models--laion--CLIP-ViT-B-32-laion2B-s34B-b79K"
    (place / "refs").mkdir(parents=True)
    (place / "refs" / "main").write_text("b" * 40, "ascii")
    shutil.copytree(folder, place / "snapshots" / ("b" * 40))
    default = OpenClipEncoder()
    assert default.name.startswith("ViT-B-32/laion2b_s34b_b79k/32d/")
    by_id = OpenClipEncoder("hf-hub:laion/CLIP-ViT-B-32-laion2B-s34B-b79K")
    for encoder in (default, by_id):
        assert np.allclose(encoder.encode_texts(["a well"]), clip.encode_texts(["a well"]), atol=1e-6)
    with pytest.raises(ModelMissing, match="nobody/none is not on this machine"):
        OpenClipEncoder("hf-hub:nobody/none")


def test_other_tags_are_looked_up_and_not_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(ModelMissing, match="RN50/yfcc15m is not on this machine"):
        OpenClipEncoder("RN50", "yfcc15m")
    with pytest.raises(ModelMissing, match="neither a file nor a tag") as caught:
        OpenClipEncoder("RN50", "nobody")
    assert "yfcc15m" in caught.value.hint
    with pytest.raises(ModelError, match="knows no model 'ViT-Z-1'"):
        OpenClipEncoder("ViT-Z-1")


def test_a_file_of_weights_is_taken_for_a_model_that_open_clip_knows(folder: Path) -> None:
    file = folder / "open_clip_model.safetensors"
    found = find_weights("ViT-B-32", str(file))
    assert (found.file, found.dimension, found.name) == (file, 512, "ViT-B-32/open_clip_model")


def test_a_model_that_reads_words_with_another_one_asks_for_its_folder(folder: Path) -> None:
    with pytest.raises(ModelError, match="files of another model") as caught:
        find_weights("ViT-B-16-SigLIP", str(folder / "open_clip_model.safetensors"))
    assert "local-dir:" in caught.value.hint


def test_weights_of_another_model_are_refused(folder: Path, tmp_path: Path) -> None:
    other = tiny_clip(tmp_path / "other", dimension=16)
    shutil.copyfile(folder / "open_clip_model.safetensors", other / "open_clip_model.safetensors")
    with pytest.raises(ModelError, match="could not be loaded"):
        OpenClipEncoder(f"local-dir:{other}").encode_texts(["a well"])


def test_what_is_missing_or_damaged_is_said(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="is not there"):
        OpenClipEncoder(f"local-dir:{tmp_path / 'nowhere'}")
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    weights, config = copy / "open_clip_model.safetensors", copy / "open_clip_config.json"
    weights.write_bytes(weights.read_bytes()[:5_000])
    with pytest.raises(ModelError, match="could not be loaded"):
        OpenClipEncoder(f"local-dir:{copy}").encode_texts(["a well"])
    weights.unlink()
    with pytest.raises(ModelMissing, match="weights are not in"):
        OpenClipEncoder(f"local-dir:{copy}")
    config.write_text("{", "utf-8")
    with pytest.raises(ModelError, match="cannot be read"):
        OpenClipEncoder(f"local-dir:{copy}")


def test_naming_an_encoder_loads_no_torch(folder: Path) -> None:
    code = (
        "import sys; from cml_mm.models.open_clip_encoder import OpenClipEncoder; "
        "encoder = OpenClipEncoder(f'local-dir:{sys.argv[1]}'); print(encoder.name, encoder.dimension); "
        "sys.exit(bool({'torch', 'open_clip'} & set(sys.modules)))"
    )
    ask = [sys.executable, "-c", code, str(folder)]
    done = subprocess.run(ask, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and done.stdout.startswith("tiny/32d/")

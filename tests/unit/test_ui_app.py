"""The entry: cheap to import, clear when it cannot start, one endpoint for programs."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.fake_engine import FakeEngine
from tests.support.server import FAKE, ROOT, serving

HEAVY = ("torch", "gradio", "transformers", "onnxruntime", "llama_index", "kuzu", "numpy.f2py")


def _python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )


def test_importing_the_app_loads_nothing_heavy() -> None:
    done = _python(f"import app, sys; print([m for m in {HEAVY!r} if m in sys.modules])")
    assert done.stdout.strip() == "[]", done.stderr


def test_building_the_page_loads_no_torch() -> None:
    code = (
        "import app, sys\n"
        "from tests.support.fake_engine import FakeEngine\n"
        "app.build(FakeEngine())\n"
        "print([m for m in ('torch', 'transformers', 'onnxruntime', 'llama_index') if m in sys.modules])"
    )
    done = _python(code)
    assert done.stdout.strip() == "[]", done.stderr


def _start(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "HF_HUB_OFFLINE": "1", "PYTHONPATH": str(ROOT), **environ}
    return subprocess.run(
        [sys.executable, *FAKE], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False
    )


def test_a_port_in_use_is_told_in_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = _start({"CML_PORT": str(port)})
    assert done.returncode == 1
    assert f"Another program is using 127.0.0.1:{port}" in done.stderr
    assert f"CML_PORT={port + 1} python app.py" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"CML_PORT": "99999"}, "CML_PORT is '99999', which is no port."),
        ({"CML_HOST": "no.such.host.invalid", "CML_PORT": "7999"}, "is not known here"),
    ],
)
def test_an_impossible_address_is_told_in_a_sentence(environ: dict[str, str], words: str) -> None:
    done = _start(environ)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_library_that_cannot_be_opened_ends_the_app_with_its_way_out() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    done = _start({"CML_PORT": str(port), "FAKE_OPENING": "-1"})
    assert done.returncode == 1
    assert "The index is damaged.\nBuild it again: cml index" in done.stderr
    assert "Traceback" not in done.stderr


def test_programs_get_one_endpoint_and_the_whole_answer(tmp_path: Path) -> None:
    from gradio_client import Client
    from gradio_client.exceptions import AppError

    with serving(FAKE, tmp_path, {"FAKE_PACE": "0"}) as served:
        client = Client(served.url, verbose=False, download_files=False)
        try:
            named = client.view_api(return_format="dict", print_info=False)
            assert list(named["named_endpoints"]) == ["/ask"]
            assert not named["unnamed_endpoints"]
            answer = client.predict("What helps?", api_name="/ask")
            assert answer["sentences"][0]["cites"] == [1]
            assert answer["evidence"][0]["locator"] == {"section": "Solution", "start": 56, "end": 133}
            assert answer["evidence"][2]["path"][0]["kind"] == "REQUIRES"
            json.dumps(answer)
            assert answer["lens"] == {"facets": []}
            asked = client.predict("What helps?", "founder", stage="running", api_name="/ask")
            assert [facet["value"] for facet in asked["lens"]["facets"]] == ["Founder", "Running"]
            with pytest.raises(AppError, match=r"knows no persona called 'wizard'\. It knows: Co-op member"):
                client.predict("What helps?", "wizard", api_name="/ask")
            assert client.predict("What helps?", api_name="/ask")["lens"] == {"facets": []}
            with pytest.raises(AppError, match="no words in this question"):
                client.predict("???", api_name="/ask")
            with pytest.raises(AppError) as failed:
                client.predict("fault", api_name="/ask")
            assert "secret" not in str(failed.value)
        finally:
            client.close()


def test_the_page_serves_no_address_of_others(tmp_path: Path) -> None:
    import urllib.error
    import urllib.request

    with serving(FAKE, tmp_path) as served:
        for path in ("gradio_api/file=https://example.org/", "gradio_api/proxy=https://example.org/", "monitoring"):
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(served.url + path, timeout=20)
            assert refused.value.code in {401, 403, 404}
            refused.value.close()


def test_the_fake_keeps_the_port() -> None:
    from cml_mm.ports import Asker

    asker: Asker = FakeEngine(pace=0)
    assert asker.answer("What helps?").status == "answered"
    assert asker.status().complete

"""Library sources: folders, files, and real git repositories made here."""

from __future__ import annotations

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cml_mm.corpus.sources import FetchedSource, fetch_source
from cml_mm.errors import LibraryUnreadable

DATE = "2026-03-01T10:00:00+02:00"


def git(place: Path, *arguments: str) -> str:
    names = ("-c", "user.name=Ana", "-c", "user.email=ana@example.org", "-c", "protocol.file.allow=always")
    dates = {"GIT_AUTHOR_DATE": DATE, "GIT_COMMITTER_DATE": DATE}
    command = ["git", *names, *arguments]
    done = subprocess.run(command, cwd=place, env={**os.environ, **dates}, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(place: Path, text: str) -> str:
    (place / "patterns").mkdir(exist_ok=True)
    (place / "patterns" / "shed.md").write_text(text, "utf-8")
    git(place, "add", "--all")
    git(place, "commit", "--quiet", "--message", "Say it")
    return git(place, "rev-parse", "HEAD")


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    place = tmp_path / "sheds.git"
    place.mkdir()
    git(place, "init", "--quiet", "--initial-branch=main")
    commit(place, "One.")
    return place


def shed(source: FetchedSource) -> str:
    return (source.path / "patterns" / "shed.md").read_text("utf-8")


def test_a_repository_is_copied_then_brought_up_to_date(origin: Path, tmp_path: Path) -> None:
    said: list[str] = []
    cache = tmp_path / "cache"
    first = fetch_source(origin.as_uri(), cache, said.append)
    assert (first.kind, first.name, first.url, first.notice) == ("git", "sheds", origin.as_uri(), "")
    assert (first.commit, first.date) == (git(origin, "rev-parse", "HEAD"), DATE)
    assert shed(first) == "One." and first.path.parent == cache and said == [f"Fetching {origin.as_uri()}"]
    assert first.source.url == first.url and first.source.commit == first.commit

    (first.path / "patterns" / "shed.md").write_text("Changed by hand.", "utf-8")
    (first.path / "stray.md").write_text("Left over.", "utf-8")
    second_commit = commit(origin, "Two.")
    second = fetch_source(origin.as_uri(), cache)
    assert (second.path, second.commit, shed(second)) == (first.path, second_commit, "Two.")
    assert not (second.path / "stray.md").exists()
    assert [path.name for path in cache.iterdir()] == [first.path.name]  # nothing half made is left


def test_history_rewritten_at_the_source_is_followed(origin: Path, tmp_path: Path) -> None:
    commit(origin, "Two.")
    fetch_source(origin.as_uri(), tmp_path / "cache")
    git(origin, "reset", "--quiet", "--hard", "HEAD~1")
    assert shed(fetch_source(origin.as_uri(), tmp_path / "cache")) == "One."


def test_branches_tags_and_commits(origin: Path, tmp_path: Path) -> None:
    first = git(origin, "rev-parse", "HEAD")
    git(origin, "tag", "v1.0")
    git(origin, "switch", "--quiet", "--create", "next/year")
    commit(origin, "Next.")
    git(origin, "switch", "--quiet", "main")
    commit(origin, "Now.")
    found = {
        ref: fetch_source(origin.as_uri() + ref, tmp_path / "cache") for ref in ("", "#next/year", "@v1.0", f"@{first}")
    }
    assert [shed(source) for source in found.values()] == ["Now.", "Next.", "One.", "One."]
    assert len({source.path for source in found.values()}) == 4
    with pytest.raises(LibraryUnreadable, match="could not be fetched"):
        fetch_source(origin.as_uri() + "#never", tmp_path / "cache")


def test_a_repository_out_of_reach_leaves_the_copy_and_says_so(origin: Path, tmp_path: Path) -> None:
    first = fetch_source(origin.as_uri(), tmp_path / "cache")
    origin.rename(tmp_path / "moved")
    again = fetch_source(origin.as_uri(), tmp_path / "cache")
    assert (again.path, again.commit, shed(again)) == (first.path, first.commit, "One.")
    assert origin.as_uri() in again.notice and "the copy made earlier is used" in again.notice
    assert again.source.notice == again.notice
    with pytest.raises(LibraryUnreadable, match="could not be fetched") as caught:
        fetch_source(origin.as_uri(), tmp_path / "elsewhere")
    assert "network" in caught.value.hint and not any((tmp_path / "elsewhere").iterdir())


def test_several_at_once_bring_a_copy_up_to_date(origin: Path, tmp_path: Path) -> None:
    fetch_source(origin.as_uri(), tmp_path / "cache")
    head = commit(origin, "Two.")
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: fetch_source(origin.as_uri(), tmp_path / "cache"), range(4)))
    assert {(one.commit, one.notice) for one in found} == {(head, "")}


def test_what_a_killed_git_left_behind_does_not_stop_the_next_one(origin: Path, tmp_path: Path) -> None:
    first = fetch_source(origin.as_uri(), tmp_path / "cache")
    for name in ("index.lock", "HEAD.lock", "shallow.lock"):
        (first.path / ".git" / name).write_text("", "utf-8")
    head = commit(origin, "Two.")
    again = fetch_source(origin.as_uri(), tmp_path / "cache")
    assert (again.commit, again.notice, shed(again)) == (head, "", "Two.")


@pytest.mark.parametrize(
    "spec",
    [
        "--upload-pack=touch stolen",
        "-c core.sshCommand=touch",
        "ext::sh -c touch% stolen",
        "http://example.org/a",
        "git://example.org/a",
        "ftp://example.org/a",
        "ssh://-oProxyCommand=touch/a",
        "ssh://ana@-oProxyCommand=touch/a",
        "git@example.org:-a",
        "https:///a",
        "https://ana@example.org",
        "https://example.org/a b",
        "https://example.org/a\n--upload-pack=x",
        "https://example.org/a#--upload-pack=x",
        "https://example.org/a#a..b",
        "https://example.org/a@-x",
        "https://example.org/a#",
        "host:path/that/is/nowhere",
    ],
)
def test_addresses_that_could_do_harm_are_refused(spec: str, tmp_path: Path) -> None:
    with pytest.raises(LibraryUnreadable) as caught:
        fetch_source(spec, tmp_path / "cache")
    assert caught.value.hint and "could not be fetched" not in caught.value.message
    assert not (tmp_path / "cache").exists()


def test_links_hooks_and_submodules_of_a_repository_stay_unused(origin: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("Private.", "utf-8")
    (origin / "patterns" / "link.md").symlink_to(tmp_path / "secret.md")
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    commit(other, "Elsewhere.")
    git(origin, "submodule", "--quiet", "add", "--", other.as_uri(), "inner")
    commit(origin, "One.")
    fetched = fetch_source(origin.as_uri(), tmp_path / "cache")
    link = fetched.path / "patterns" / "link.md"
    assert not link.is_symlink() and "Private" not in link.read_text("utf-8")
    assert not any((fetched.path / "inner").iterdir())

    hook = fetched.path / ".git" / "hooks" / "post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n", "utf-8")
    hook.chmod(0o755)
    commit(origin, "Two.")
    assert shed(fetch_source(origin.as_uri(), tmp_path / "cache")) == "Two."
    assert not (tmp_path / "ran").exists()


def test_passwords_in_addresses_are_neither_shown_nor_kept(tmp_path: Path) -> None:
    with pytest.raises(LibraryUnreadable) as caught:
        fetch_source("http://ana:hunter2@example.org/a", tmp_path)
    assert "hunter2" not in str(caught.value) and "example.org/a" in str(caught.value)


def test_the_stored_copy_names_no_remote(origin: Path, tmp_path: Path) -> None:
    fetched = fetch_source(origin.as_uri(), tmp_path / "cache")
    assert "url" not in (fetched.path / ".git" / "config").read_text("utf-8")


def test_without_git_a_repository_is_refused_and_a_folder_is_not(
    origin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    with pytest.raises(LibraryUnreadable, match="git is not installed") as caught:
        fetch_source(origin.as_uri(), tmp_path / "cache")
    assert "Install git" in caught.value.hint
    assert fetch_source(str(origin), tmp_path / "cache").commit == ""


def test_a_cache_that_cannot_be_made_is_an_error_of_ours(origin: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file", "utf-8")
    with pytest.raises(LibraryUnreadable, match="No copy could be kept"):
        fetch_source(origin.as_uri(), tmp_path / "cache")


def test_folders_and_files_are_used_where_they_are(origin: Path, tmp_path: Path) -> None:
    head = git(origin, "rev-parse", "HEAD")
    folder = fetch_source(str(origin / "patterns"), tmp_path / "cache")
    assert (folder.path, folder.kind, folder.name, folder.url) == (origin / "patterns", "folder", "patterns", "")
    assert (folder.commit, folder.date) == (head, DATE)
    page = fetch_source(str(origin / "patterns" / "shed.md"), tmp_path / "cache")
    assert (page.kind, page.name, page.commit) == ("file", "shed.md", head)
    (origin / "new").mkdir()
    assert fetch_source(str(origin / "new"), tmp_path / "cache").commit == ""  # the commit says nothing of it
    loose = tmp_path / "loose"
    loose.mkdir()
    assert fetch_source(str(loose), tmp_path / "cache").commit == ""
    odd = tmp_path / "odd#name @ all"
    odd.mkdir()
    assert fetch_source(str(odd), tmp_path / "cache").path == odd
    assert not (tmp_path / "cache").exists()
    with pytest.raises(LibraryUnreadable, match="no library"):
        fetch_source(str(tmp_path / "nowhere"), tmp_path / "cache")


def test_a_caller_run_by_git_does_not_mislead_us(origin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "no-repository"))
    assert shed(fetch_source(origin.as_uri(), tmp_path / "cache")) == "One."

"""Settings read from the environment once, then passed as a value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from cml_mm.errors import InputError
from cml_mm.visits import DEFAULT_LIMITS, Limits

ROOT = Path(__file__).resolve().parent.parent
STARTER_LECTURES = ROOT / "indexes" / "starter" / "lectures"
HOME_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})  # reached from this machine only
Unsupported = Literal["", "mark", "withhold"]


@dataclass(frozen=True)
class Settings:
    """Places and limits.

    `index` holds snapshots of one library; `models` the files made at set-up;
    `libraries` the folders, files and git URLs to index.
    """

    index: Path
    models: Path
    libraries: tuple[Path | str, ...]
    host: str = "127.0.0.1"
    port: int = 7860
    profile: str = "embedded"
    max_question_chars: int = 4000
    graph_buffer_bytes: int = 128 * 1024 * 1024
    data: Path = ROOT / "data"  # the durable record and visitors' files
    keep_files_seconds: float = 24 * 3600.0
    keep_talks_seconds: float = 30 * 24 * 3600.0
    limits: Limits = DEFAULT_LIMITS
    model: str = ""  # a hub id or folder, in the place of the profile's generator
    base_url: str = ""  # of a server, in the place of the profile's
    served_model: str = ""  # what that server calls its model
    api_key: str = field(default="", repr=False)  # for that server
    unsupported: Unsupported = ""  # sentences that their source does not bear out; "": by who wrote them
    choose_profile: bool = False  # whether the page may take another profile into use, for everybody

    @property
    def withhold(self) -> bool:
        """Whether a model's unsupported sentences are withheld rather than marked."""
        return self.unsupported == "withhold"

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Reads CML_INDEX, CML_MODELS, CML_LIBRARY (see `library_names`), CML_HOST, CML_PORT, CML_PROFILE, CML_DATA,
        CML_KEEP_HOURS (of visitors' files), CML_MODEL or CML_BASE_URL, CML_SERVED_MODEL and CML_API_KEY (who writes),
        CML_WITHHOLD ("mark" or "withhold") and CML_CHOOSE_PROFILE ("yes" or "no").

        Raises: InputError: one of them cannot be so.
        """
        env = os.environ if environ is None else environ
        host = env.get("CML_HOST") or "127.0.0.1"
        built = ROOT / "indexes" / "built"
        return cls(
            index=Path(env.get("CML_INDEX") or built / "starter"),
            models=Path(env.get("CML_MODELS") or built / "models"),
            libraries=library_names(env.get("CML_LIBRARY", "")) or (ROOT / "indexes" / "starter",),
            host=host,
            port=_port(env.get("CML_PORT") or "7860"),
            profile=env.get("CML_PROFILE") or "embedded",
            data=Path(env.get("CML_DATA") or _data_folder(env)),
            keep_files_seconds=3600 * _hours(env.get("CML_KEEP_HOURS") or "24"),
            model=env.get("CML_MODEL", "").strip(),
            base_url=env.get("CML_BASE_URL", "").strip(),
            served_model=env.get("CML_SERVED_MODEL", "").strip(),
            api_key=env.get("CML_API_KEY", "").strip(),
            unsupported=_unsupported(env.get("CML_WITHHOLD", "").strip()),
            choose_profile=_may_choose(env, host),
        )


def library_names(text: str) -> tuple[str, ...]:
    """Folders separated as in PATH; where a URL is among them, by spaces or new lines."""
    parts = text.split() if "://" in text or "git@" in text else text.split(os.pathsep)
    return tuple(part for part in parts if part)


def _port(text: str) -> int:
    """Raises: InputError where it is no port number."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise InputError(f"CML_PORT is {text!r}, which is no port.", "Set it to a number from 1024 to 65535.")
    return int(text)


def _data_folder(env: Mapping[str, str]) -> Path:
    """A Space keeps only what lies under /data, where it has that."""
    kept = Path("/data")
    return kept / "cml" if env.get("SPACE_ID") and os.access(kept, os.W_OK) else ROOT / "data"


def _hours(text: str) -> float:
    """Raises: InputError where it is no number of hours."""
    try:
        hours = float(text)
    except ValueError:
        hours = 0.0
    if not 0 < hours <= 24 * 366:
        raise InputError(f"CML_KEEP_HOURS is {text!r}.", "Set it to hours, such as 24; a year at most.")
    return hours


def _unsupported(text: str) -> Unsupported:
    """Raises: InputError where it is no choice."""
    if text in ("", "mark", "withhold"):
        return cast(Unsupported, text)
    raise InputError(
        f"CML_WITHHOLD is {text!r}.", "Set it to mark or withhold: what happens to sentences that nothing bears out."
    )


def _may_choose(env: Mapping[str, str], host: str) -> bool:
    """Whoever sits at this machine may; on a Space and on a network only where the operator says so.

    Raises: InputError where it is neither yes nor no.
    """
    said = env.get("CML_CHOOSE_PROFILE", "").strip().casefold()
    if said not in ("", "yes", "no"):
        raise InputError(f"CML_CHOOSE_PROFILE is {said!r}.", "Set it to yes or no.")
    return said == "yes" if said else host in HOME_HOSTS and not env.get("SPACE_ID")

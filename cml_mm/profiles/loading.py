"""Profiles read from TOML: every key and value is checked, and what is wrong is said with what would be right."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable, Mapping
from dataclasses import Field, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from cml_mm.errors import InputError
from cml_mm.models.cards import find_card
from cml_mm.profiles.schema import NEEDS, PARTS, TAKES, GeneratorPart, Part, Profile
from cml_mm.settings import Settings
from cml_mm.visits import Limits

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HERE = Path(__file__).resolve().parent
# In the order in which they are listed: what needs nothing first.
NAMES = ("embedded", "laptop", "gpu", "space", "remote", "slm-rag", "graph-rag", "commons")
_KEYS = ("title", "about", *PARTS, "limits")
_FOLDERS = ("model", "adapter")  # may name a place beside the file
_LOCAL_DIR = "local-dir:"


def load_profile(name: str) -> Profile:
    """The profile of this name, or the one in a file.

    Args:
        name: one of `NAMES`, or the path of a TOML file.

    Raises:
        InputError: no such profile, or one that says something that cannot be; the hint lists the choices.
    """
    if name in NAMES:
        return _read(HERE / f"{name}.toml")
    if name.endswith(".toml") or "/" in name or "\\" in name:
        return _read(Path(name).expanduser())
    raise InputError(
        f"There is no profile {name!r}.",
        f"{_meant(name, NAMES)}Choose one of: {', '.join(NAMES)}; or give the path of a TOML file of your own.",
    )


def profile_of(settings: Settings) -> Profile:
    """The profile that the settings name, with what they put in its place (CML_MODEL and the like).

    Raises:
        InputError: no such profile, or settings that contradict each other.
    """
    profile = load_profile(settings.profile)
    return replace(profile, generator=_overridden(profile.generator, settings))


def limits_of(settings: Settings) -> Limits:
    """How much of a visitor's file is read: what the profile says.

    Limits that were set otherwise than by a profile, as tests do, stay.
    """
    return load_profile(settings.profile).limits if settings.limits == Limits() else settings.limits


def _overridden(part: GeneratorPart, settings: Settings) -> GeneratorPart:
    """Who writes, after the one line of the environment."""
    if settings.model and (settings.base_url or settings.served_model):
        raise InputError(
            "CML_MODEL names a model to run here, CML_BASE_URL and CML_SERVED_MODEL one on a server.",
            "Keep one of the two: CML_MODEL alone, or CML_BASE_URL with CML_SERVED_MODEL.",
        )
    if settings.model:
        pictures = part.max_pictures if part.engine == "local" else GeneratorPart().max_pictures
        same = part if part.engine == "local" else GeneratorPart(max_pictures=pictures)
        card = find_card(settings.model)
        model = card.hub_id if card else settings.model
        adapter = same.adapter if part.model == model else ""  # it fits the model that it was made for
        return replace(same, engine="local", model=model, adapter=adapter)
    if settings.base_url or settings.served_model:
        if part.engine != "server" and not settings.base_url:
            raise InputError(
                f"CML_SERVED_MODEL names a model on a server, but the profile {settings.profile} asks none.",
                "Set CML_BASE_URL too, such as http://127.0.0.1:8000/v1, or run a model here with CML_MODEL.",
            )
        same = part if part.engine == "server" else GeneratorPart(engine="server")
        return replace(same, base_url=settings.base_url or same.base_url, model=settings.served_model or same.model)
    return part


def _read(path: Path) -> Profile:
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise InputError(
            f"The profile {path} cannot be read ({exc.strerror}).",
            f"Give the path of a TOML file, or one of: {', '.join(NAMES)}.",
        ) from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise InputError(f"The profile {path} is no TOML ({exc}).", f"Compare it with {HERE / 'laptop.toml'}.") from exc
    return _profile(path, given)


def _profile(path: Path, given: Mapping[str, Any]) -> Profile:
    _known(given, _KEYS, path.name)
    found: dict[str, Any] = {}
    for key in ("title", "about"):
        if key in given:
            found[key] = _value(str, given[key], f"{path.name}: {key}")
    for name, kind in PARTS.items():
        if name in given:
            found[name] = _part(name, kind, _table(given[name], f"{path.name}: {name}"), path)
    if "limits" in given:
        found["limits"] = _filled(Limits, _table(given["limits"], f"{path.name}: limits"), f"{path.name}: limits")
    return Profile(path.stem, path, **found)


def _part(name: str, kind: type[Part], given: Mapping[str, Any], path: Path) -> Part:
    where = f"{path.name}: {name}"
    part: Part = _filled(kind, given, where)
    engine = (name, part.engine)
    for key in NEEDS.get(engine, ()):
        if not getattr(part, key):
            raise InputError(f"{where}.{key} is missing.", f'The engine {part.engine} needs it: {key} = "…".')
    useless = [key for key in given if key not in ("engine", *NEEDS.get(engine, ()), *TAKES.get(engine, ()))]
    if useless:
        takes = ", ".join((*NEEDS.get(engine, ()), *TAKES.get(engine, ()))) or "nothing else"
        raise InputError(
            f"{where}.{useless[0]} means nothing to the engine {part.engine}.", f"Take it out; it takes {takes}."
        )
    places: dict[str, Any] = {key: _beside(str(getattr(part, key)), path) for key in _FOLDERS if hasattr(part, key)}
    found: Part = replace(part, **places)
    return found


def _beside(name: str, path: Path) -> str:
    """A place as seen from the profile's file; any other name as it is."""
    tag, rest = (_LOCAL_DIR, name[len(_LOCAL_DIR) :]) if name.startswith(_LOCAL_DIR) else ("", name)
    if rest.startswith(("./", "../", "~")):
        return f"{tag}{(path.resolve().parent / Path(rest).expanduser()).resolve()}"
    return name


def _filled(kind: type[Any], given: Mapping[str, Any], where: str) -> Any:
    """A table as a value of this class.

    Raises: InputError: a key or value that it cannot have.
    """
    hints = get_type_hints(kind)
    known = {one.name: one for one in fields(kind)}
    _known(given, tuple(known), where)
    found = {key: _value(hints[key], value, f"{where}.{key}") for key, value in given.items()}
    for key, value in found.items():
        _in_bounds(known[key], value, f"{where}.{key}")
    return kind(**found)


def _in_bounds(one: Field[Any], value: Any, where: str) -> None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        least, most = one.metadata.get("least", 1), one.metadata.get("most", 2**50)
        if not least <= value <= most:
            raise InputError(f"{where} is {value:g}.", f"Set it to a number from {least:g} to {most:g}.")


def _value(kind: Any, value: Any, where: str) -> Any:
    if get_origin(kind) is Literal:
        choices = get_args(kind)
        if value not in choices:
            raise InputError(
                f"{where} is {value!r}, which is no choice.",
                f"{_meant(str(value), choices)}Choose one of: {', '.join(choices)}.",
            )
        return value
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        words = {str: "a text in quotation marks", int: "a whole number", float: "a number", bool: "true or false"}
        raise InputError(f"{where} is {value!r}.", f"It must be {words[kind]}.")
    return value


def _table(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"{where} is {value!r}.", "It must be a table: a line in square brackets, then its keys.")
    return value


def _known(given: Iterable[str], known: tuple[str, ...], where: str) -> None:
    for key in given:
        if key not in known:
            raise InputError(
                f"{where} has the key {key!r}, which says nothing.",
                f"{_meant(key, known)}It may have: {', '.join(known)}.",
            )


def _meant(typed: str, choices: Iterable[str]) -> str:
    near = difflib.get_close_matches(typed.casefold(), list(choices), n=1)
    return f"Did you mean {near[0]}? " if near else ""

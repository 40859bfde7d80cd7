"""All profiles side by side, so that one can be chosen: what each is for, what it lacks, whether the index fits it."""

from __future__ import annotations

from dataclasses import replace

from cml_mm.profiles.loading import NAMES, load_profile, profile_of
from cml_mm.profiles.presence import states_of
from cml_mm.profiles.schema import Profile
from cml_mm.settings import Settings
from cml_mm.types import ProfileState

OTHER_ENCODER = (
    "It reads with another text encoder, for which the index is made anew:"
    " stop the app and start it with CML_PROFILE={name}."
)


def chosen(settings: Settings, name: str) -> Settings:
    """The settings with another profile.

    A model that the environment names in the place of the first profile's does not follow, a server's address does
    where the other profile asks a server too.
    """
    if name == settings.profile:
        return settings
    if load_profile(name).generator.engine == "server":
        return replace(settings, profile=name, model="")
    return replace(settings, profile=name, model="", base_url="", served_model="")


def profile_states(settings: Settings, started: Settings) -> tuple[ProfileState, ...]:
    """Every profile that can be named, and one's own where the app was started with one.

    Args:
        settings: those in use.
        started: those that the app was started with, which hold what the environment says.
    """
    encoder = profile_of(settings).text_encoder
    names = NAMES if started.profile in NAMES else (*NAMES, started.profile)
    return tuple(_state(chosen(started, name), settings.profile, encoder) for name in names)


def _state(settings: Settings, in_use: str, encoder: object) -> ProfileState:
    profile = profile_of(settings)
    other = "" if profile.text_encoder == encoder else OTHER_ENCODER.format(name=settings.profile)
    return ProfileState(
        name=settings.profile,
        title=profile.title or profile.name,
        about=profile.about,
        parts=states_of(profile, settings),
        writer=writer_name(profile),
        in_use=settings.profile == in_use,
        refused=other,
    )


def writer_name(profile: Profile) -> str:
    """Who writes answers, as the screen says it; "" where they are composed."""
    part = profile.generator
    if part.engine == "embedded":
        return ""
    return part.model.rstrip("/").rpartition("/")[2] or "the server's model"

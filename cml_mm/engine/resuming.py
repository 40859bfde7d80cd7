"""Steps of a reading that was cut, so that the next one goes on: what a film shows, what was heard of its sound."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from cml_mm.errors import CmlError
from cml_mm.media.lecture_wire import decode_recorded, encode_recorded
from cml_mm.ports import Transcript
from cml_mm.record.codec import decode, encode
from cml_mm.record.unfinished import Unfinished
from cml_mm.visits import Limits, Recorded, no_samples

log = logging.getLogger("cml")
_LOOKED = "look"


class NothingKept:
    """For readings of which nothing is kept: every step is made anew."""

    def recorded(self) -> Recorded | None:
        return None

    def keep_recorded(self, found: Recorded) -> None:
        """Nothing."""

    def transcript(self, step: str) -> Transcript | None:
        return None

    def keep_transcript(self, step: str, heard: Transcript) -> None:
        """Nothing."""


@dataclass(frozen=True)
class KeptSteps:
    """The steps of one file of one visitor. What cannot be kept or read again is made anew, and logged.

    Args:
        unfinished: where they lie.
        visitor: whose.
        sha256: of the file's bytes.
        limits: of what is believed of a step that was kept.
    """

    unfinished: Unfinished
    visitor: str
    sha256: str
    limits: Limits

    def recorded(self) -> Recorded | None:
        """What the film showed and held, without its samples; None where it has not been looked at."""
        content = self._find(_LOOKED)
        if content is None:
            return None
        try:
            return decode_recorded(content, b"", self.limits)
        except ValueError:
            log.warning("What was kept of a reading that was cut cannot be read any more; it begins anew.")
            return None

    def keep_recorded(self, found: Recorded) -> None:
        self._put(_LOOKED, encode_recorded(replace(found, samples=no_samples())))

    def transcript(self, step: str) -> Transcript | None:
        """What was heard of a piece; None where it was not."""
        content = self._find(step)
        try:
            return decode(Transcript, content) if content is not None else None
        except CmlError:
            log.warning("What was kept of a reading that was cut cannot be read any more; it is heard anew.")
            return None

    def keep_transcript(self, step: str, heard: Transcript) -> None:
        self._put(step, encode(Transcript, heard))

    def _find(self, step: str) -> bytes | None:
        try:
            return self.unfinished.find(self.visitor, self.sha256, step)
        except CmlError as error:
            log.warning("A step of a reading that was cut could not be looked up. %s", error)
            return None

    def _put(self, step: str, content: bytes) -> None:
        try:
            self.unfinished.put(self.visitor, self.sha256, step, content)
        except CmlError as error:
            log.warning("A step of a reading could not be kept. %s", error)

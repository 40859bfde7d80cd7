"""The models of one profile as an open engine holds them; each loads its weights when it is first asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cml_mm.ports import Generator, ImageEncoder, TextEncoder, Transcriber
from cml_mm.profiles import Parts

if TYPE_CHECKING:
    from cml_mm.answering.generating import Writer


@dataclass(frozen=True)
class Models:
    """None stands for a part that the profile does not have."""

    encoder: TextEncoder
    image_encoder: ImageEncoder | None = None
    transcriber: Transcriber | None = None
    generator: Generator | None = None
    withhold: bool = False  # what a model writes and nothing bears out

    @classmethod
    def of(cls, parts: Parts) -> Models:
        """Makes what a profile names.

        Raises: ModelMissing: weights that are not there. ModelError.
        """
        return cls(
            encoder=parts.text_encoder(),
            image_encoder=parts.image_encoder(),
            transcriber=parts.transcriber(),
            generator=parts.generator(),
            withhold=parts.settings.withhold,
        )

    def writer(self) -> Writer | None:
        """Has the generator write answers; None where they are composed."""
        if self.generator is None:
            return None
        from cml_mm.answering.generating import Writer

        return Writer(self.generator, withhold=self.withhold)

    def close(self) -> None:
        """Gives back the generator's memory."""
        if self.generator is not None:
            self.generator.close()

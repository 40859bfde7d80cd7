"""From the names in a profile to the parts themselves; each is imported and made when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from cml_mm.errors import ModelError, ModelMissing
from cml_mm.ports import FileReader, Generator, ImageEncoder, TextEncoder, Transcriber
from cml_mm.profiles.presence import generator_state, states_of
from cml_mm.profiles.schema import Profile
from cml_mm.settings import Settings
from cml_mm.types import PartState

# Named, not imported: only the process that decodes a picture loads it.
OCR = "cml_mm.models.rapid_ocr:RapidOcr"


@dataclass(frozen=True)
class Parts:
    """Makes what a profile names. Nothing is kept: whoever asks holds what they got.

    What is missing is an error that names the command which brings it; nothing else takes its place.
    """

    profile: Profile
    settings: Settings

    def states(self) -> tuple[PartState, ...]:
        """Every part, and whether it is there."""
        return states_of(self.profile, self.settings)

    @property
    def speaks(self) -> bool:
        """Whether a language model writes the answers."""
        return self.profile.generator.engine != "embedded"

    def text_encoder(self) -> TextEncoder:
        """Raises: ModelMissing."""
        part = self.profile.text_encoder
        if part.engine == "minilm":
            from cml_mm.models.minilm import MiniLM

            return MiniLM(self.settings.models, lazy=True)  # a re-index that changes no text needs no model
        from cml_mm.models.sentence_encoder import SentenceEncoder

        return SentenceEncoder(part.model)

    def image_encoder(self) -> ImageEncoder | None:
        """None where the profile has none. Raises: ModelMissing."""
        part = self.profile.image_encoder
        if part.engine == "none":
            return None
        from cml_mm.models.open_clip_encoder import OpenClipEncoder

        return OpenClipEncoder(part.model, part.pretrained)

    def transcriber(self) -> Transcriber | None:
        """None where the profile has none. Raises: ModelMissing."""
        part = self.profile.transcriber
        if part.engine == "none":
            return None
        if part.engine == "faster-whisper":
            from cml_mm.models.faster_whisper_transcriber import FasterWhisperTranscriber

            return FasterWhisperTranscriber(part.model)
        if part.engine == "pocketsphinx":
            from cml_mm.models.pocketsphinx_transcriber import PocketsphinxTranscriber

            return PocketsphinxTranscriber()
        if part.engine == "speech-spans":
            from cml_mm.models.speech_spans import SpeechSpans

            return SpeechSpans()
        from cml_mm.models.whisper_transcriber import WhisperTranscriber

        return WhisperTranscriber(part.model)

    def generator(self) -> Generator | None:
        """None where answers are composed. Raises: ModelMissing, ModelError: a server's address that is none."""
        part = self.profile.generator
        if part.engine == "embedded":
            return None
        state = generator_state(part)
        if part.engine == "server":
            if not state.there:
                raise ModelError(f"The profile {self.profile.name} asks a server. {state.missing}", state.hint)
            return _server(self)
        if not state.there:
            raise ModelMissing(state.missing, state.hint)
        from cml_mm.models.local_chat import LocalChat, LocalChatOptions

        return LocalChat(
            LocalChatOptions(
                model=part.model,
                adapter=part.adapter or None,
                dtype=part.dtype,
                quantisation=part.quantisation,
                device_map=part.device,
                max_pictures=part.max_pictures,
                idle_seconds=part.idle_seconds,
                deadline_seconds=part.deadline_seconds,
            )
        )

    def file_reader(self) -> FileReader:
        """Opens files of visitors, in a process of their own."""
        from cml_mm.media.sandbox import SandboxedReader

        return SandboxedReader(self.settings.limits, OCR if self.profile.ocr.engine == "rapidocr" else "")


def _server(parts: Parts) -> Generator:
    from cml_mm.models.openai_server import OpenAIServer, ServerOptions

    part = parts.profile.generator
    return OpenAIServer(
        ServerOptions(
            base_url=part.base_url,
            api_key=parts.settings.api_key,
            model=part.model,
            context_tokens=part.context_tokens,
            pictures=part.max_pictures,
            video=part.video,
            timeout_seconds=part.deadline_seconds,
            retries=part.retries,
            plain_http=part.plain_http,
        )
    )

"""The screens. Gradio lives here and nowhere else."""

from __future__ import annotations

from cml_mm.ui.opening import Opening
from cml_mm.ui.page import build, launch_options

__all__ = ["Opening", "build", "launch_options"]

"""Gradio's theme, set from the tokens of our own style sheet, so that both speak one language."""

from __future__ import annotations

import gradio as gr

SANS = ("-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Helvetica Neue", "Liberation Sans", "Arial")
MONO = ("ui-monospace", "SF Mono", "Consolas", "Liberation Mono", "monospace")

_BOTH = {
    "body_background_fill": "canvas",
    "body_text_color": "ink",
    "body_text_color_subdued": "ink3",
    "block_background_fill": "surface",
    "block_border_color": "line",
    "block_label_text_color": "ink2",
    "block_title_text_color": "ink2",
    "background_fill_primary": "surface",
    "background_fill_secondary": "canvas",
    "border_color_primary": "line",
    "border_color_accent": "pine",
    "input_background_fill": "surface",
    "input_background_fill_focus": "surface",
    "input_border_color": "edge",
    "input_border_color_focus": "pine",
    "input_placeholder_color": "ink3",
    "color_accent_soft": "pinesoft",
    "checkbox_label_background_fill_selected": "pinesoft",
    "link_text_color": "pine",
    "link_text_color_hover": "pineh",
    "link_text_color_visited": "pine",
    "link_text_color_active": "pineh",
    "button_primary_background_fill": "pine",
    "button_primary_background_fill_hover": "pineh",
    "button_primary_text_color": "onpine",
    "button_secondary_background_fill": "canvas",
    "button_secondary_background_fill_hover": "bubble",
    "button_secondary_text_color": "ink",
    "error_text_color": "rust",
    "error_background_fill": "surface",
    "error_border_color": "rust",
}
_PLAIN = {
    "block_shadow": "none",
    "button_primary_shadow": "none",
    "button_secondary_shadow": "none",
    "input_shadow": "none",
    "input_shadow_focus": "none",
    "block_border_width": "0px",
}
_ONCE = {
    "color_accent": "var(--pine)",
    "block_radius": "14px",
    "input_radius": "8px",
    "button_large_radius": "8px",
    "button_medium_radius": "8px",
    "chatbot_text_size": "17px",
}


def theme() -> gr.themes.Base:
    """Every colour is a token, so light and dark differ in the style sheet only."""
    font = [gr.themes.Font(name) for name in (*SANS, "sans-serif")]
    made = gr.themes.Base(font=font, font_mono=[gr.themes.Font(name) for name in MONO])
    values = dict(_ONCE)
    for name, token in _BOTH.items():
        values[name] = values[f"{name}_dark"] = f"var(--{token})"
    for name, value in _PLAIN.items():
        values[name] = value
        values[f"{name}_dark"] = value
    return made.set(**values)

"""Captions: files beside a recording, and text tracks inside one, as what is said and when."""

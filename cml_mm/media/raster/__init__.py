"""Drawn diagrams out of pixels: boxes, lines between them, and at which end a line has its head."""

"""Recorded lectures, talks and meetings as values: slides, what is said, moments and chapters."""

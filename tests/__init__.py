"""Tests mirror the tree; `tests.fakes` speaks the wire formats of outside services."""

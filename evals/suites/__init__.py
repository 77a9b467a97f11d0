"""Suites that score what the agent finds against answers known by hand or by construction."""

"""Figures, targets, claims, quotes and document identity: what holds up as evidence."""

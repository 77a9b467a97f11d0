"""The analyst: one protocol, with a model or without."""

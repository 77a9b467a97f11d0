"""Language models: which, by whom, under what limits, and what their calls cost."""

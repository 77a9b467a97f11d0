"""Golden sets: what is true of known reports, and the makers of the reports we invent."""

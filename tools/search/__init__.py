"""Report search providers behind one protocol."""

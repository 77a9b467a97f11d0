"""A published analysis as files to pass on."""

"""The content-addressed report library and its page search."""

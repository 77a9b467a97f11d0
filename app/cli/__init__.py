"""The isra command line."""

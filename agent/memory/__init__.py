"""Where things are remembered: database, blobs, migrations."""

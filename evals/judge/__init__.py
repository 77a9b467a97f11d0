"""A language model as judge of what code cannot score, and how far it may be believed."""

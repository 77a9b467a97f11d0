"""In-process stand-ins for services outside the project."""

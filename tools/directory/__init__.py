"""Industries and their companies, as readable data."""

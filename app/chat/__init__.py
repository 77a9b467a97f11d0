"""The Chainlit chat."""

"""The HTTP API: what programs do with the research that people do in the chat."""

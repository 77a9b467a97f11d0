"""`isra` with a sender of feedback that looks and tries again at once, for tests that wait."""

import agent.memory.outbox
import agent.tracing_feedback
from app.cli.main import main

agent.tracing_feedback._LOOK_SECONDS = 0.2
agent.memory.outbox._FIRST_SECONDS = agent.memory.outbox._LONGEST_SECONDS = 0.2

__all__ = ["main"]

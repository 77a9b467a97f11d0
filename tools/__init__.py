"""What the agent can do to the world; none of it knows LangGraph."""

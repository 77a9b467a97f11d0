"""The research as LangGraph state machines and the runner that drives them."""

"""Where people and programs come in: chat, CLI, server, exports."""

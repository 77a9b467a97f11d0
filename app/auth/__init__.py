"""Who may use the chat: sign-in, sessions and rate limits."""

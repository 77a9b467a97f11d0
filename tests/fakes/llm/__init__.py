"""A server that speaks as Gemini, Bedrock, OpenAI and Ollama."""

"""Prompts as files, their arms, and the rules of rendering."""

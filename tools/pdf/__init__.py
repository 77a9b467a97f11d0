"""Sandboxed reading of PDF files: text, rows, tables, page pictures."""

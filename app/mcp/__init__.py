"""The MCP server: the same research as tools for an analyst's own assistant."""

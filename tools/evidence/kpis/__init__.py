"""KPI records from a report, with no model: catalogue, observation, confirmation."""

"""Who the researcher is: settings, domain types, the analyst, memory."""

"""The topics every summary goes through, in the order a reader wants them."""

TOPICS = (
    "Climate targets",
    "Emissions",
    "Energy",
    "Water and waste",
    "People",
    "Governance",
    "Risks",
)

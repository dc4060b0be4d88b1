"""The names of the store's tables that the desk works with."""

OPPORTUNITIES, EVENTS, PLANS, IMPORTS = "opportunities", "events", "plans", "imports"

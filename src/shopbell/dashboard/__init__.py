"""How a shop has been doing: its figures over a period, and what a new owner does first."""

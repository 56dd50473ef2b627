"""How news leaves the house."""

"""How news leaves the house: e-mail so far."""

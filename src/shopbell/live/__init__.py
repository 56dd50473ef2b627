"""How news reaches open screens."""

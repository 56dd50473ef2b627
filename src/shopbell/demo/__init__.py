"""Merrowmouth, an invented town of shops, staff and members, to see the product at work."""

"""Recorded dialogues played back through the outside contract, as live customers and agents."""

"""Whom a business knows: contacts, and the members of its Loop among them."""

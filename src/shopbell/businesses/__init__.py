"""The profile of a business: what customers see of it, and how they find it."""

"""The people who work for a business, their roles and rights, and the door every request passes."""

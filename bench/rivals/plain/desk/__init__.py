"""Businesses, their customers' threads and tickets, and the log of what happened."""

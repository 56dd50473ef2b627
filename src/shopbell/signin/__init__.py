"""Logins of staff, people, and proving who one is: passwords, sessions, resets, throttling."""

"""What becomes of tickets, asked over HTTP."""

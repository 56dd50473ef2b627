"""Episodes of work in a conversation: waiting, pulled, assigned, closed; with notes, feedback and history."""

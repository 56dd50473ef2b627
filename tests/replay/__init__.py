"""The player of recorded dialogues: its rules, its connections, and plays against a server that dies."""

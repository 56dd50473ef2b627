"""What every bench stands on: the real server as a process, the people who talk to it, and honest figures."""

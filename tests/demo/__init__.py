"""The demo town: its texts, its plan, and the directory it fills."""

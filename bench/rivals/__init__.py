"""Other people's way of doing the same work, to be measured beside ours in the same run."""

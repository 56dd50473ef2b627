"""A plain chat desk on Django, Channels and Redis: the rival the bench measures beside ours."""

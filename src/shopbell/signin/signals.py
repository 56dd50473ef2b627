"""What every process must hear at once when a session is no longer what it was."""

import msgspec


class SessionsEnded(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """These sessions, by key, ended or moved to another business: nothing may go on under what they were."""

    sessions: list[str]

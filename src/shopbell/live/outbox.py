"""What a socket still has to be told: bounded, and joined into as few frames as possible."""

MOST_FRAMES = 1_000
MOST_BYTES = 1 << 20


class Outbox:
    """Frames of one JSON object each, in order. Past its bounds it drops everything and stays `overflowed`."""

    __slots__ = ("_bytes", "_frames", "overflowed")

    def __init__(self) -> None:
        self._frames: list[bytes] = []
        self._bytes = 0
        self.overflowed = False

    def put(self, frame: bytes) -> None:
        if self.overflowed:
            return
        self._frames.append(frame)
        self._bytes += len(frame)
        if len(self._frames) > MOST_FRAMES or self._bytes > MOST_BYTES:
            self._frames.clear()
            self.overflowed = True

    def __bool__(self) -> bool:
        return bool(self._frames)

    def taken(self) -> bytes:
        """Everything queued as one frame: the object itself, or an array of them."""
        frames = self._frames
        joined = frames[0] if len(frames) == 1 else b"[" + b",".join(frames) + b"]"
        self._frames = []
        self._bytes = 0
        return joined

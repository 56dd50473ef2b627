"""The frames of the live socket, as far as a bench looks into them."""

import msgspec

POSTED = "message_posted"


class Body(msgspec.Struct, gc=False):
    """The two fields of a message item a bench compares; other events have neither or other meanings."""

    id: str = ""
    text: str = ""


class Live(msgspec.Struct, tag="event", gc=False):
    name: str
    seq: int
    body: Body
    business_id: str = ""
    cursor: str = ""


class Acknowledged(msgspec.Struct, tag="ok", gc=False):
    ref: str
    id: str = ""
    seq: int = 0


class NotDone(msgspec.Struct, tag="refused"):
    ref: str
    problem: msgspec.Raw


class Ready(msgspec.Struct, tag="ready"):
    cursor: str = ""
    cursors: dict[str, str] = msgspec.field(default_factory=dict)


class Resync(msgspec.Struct, tag="resync"):
    business_id: str


class CursorMoved(msgspec.Struct, tag="cursor"):
    business_id: str
    cursor: str


class OtherWaiting(msgspec.Struct, tag="other_waiting"):
    pass


class Presence(msgspec.Struct, tag="presence"):
    pass


class Typing(msgspec.Struct, tag="typing"):
    pass


Item = Live | Acknowledged | NotDone | Ready | Resync | CursorMoved | OtherWaiting | Presence | Typing

decode = msgspec.json.Decoder(Item | list[Item]).decode

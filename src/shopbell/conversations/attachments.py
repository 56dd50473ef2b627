"""Files that are posted with messages: what they are, and what is shown of them."""

from enum import StrEnum

import msgspec

from shopbell.kernel.clock import DAY

MOST_BYTES = 25_000_000
MOST_IN_A_MESSAGE = 10
CAPTION_CHARACTERS = 1_000
UNPOSTED_FOR = DAY


class AttachmentKind(StrEnum):
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    FILE = "file"


class Attached(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a message shows of an attachment; `name` as its sender's device called it, `size` in bytes."""

    id: str
    kind: AttachmentKind
    name: str
    size: int
    caption: str = ""


class Attachment(msgspec.Struct, frozen=True):
    """An uploaded file. Its bytes are kept under `kept`, `type` is what they were found to be, and `seq` is the
    number of the message it was posted with, None before that."""

    id: str
    business_id: str
    conversation_id: str
    author_id: str
    kept: str
    type: str
    name: str
    size: int
    caption: str
    created_at: int
    seq: int | None = None

    @property
    def shown(self) -> Attached:
        return Attached(self.id, kind_of(self.type), self.name, self.size, self.caption)


FAMILIES = {kind.value: kind for kind in (AttachmentKind.IMAGE, AttachmentKind.AUDIO, AttachmentKind.VIDEO)}


def kind_of(media_type: str) -> AttachmentKind:
    """The kind of what has that media type."""
    return FAMILIES.get(media_type.partition("/")[0], AttachmentKind.FILE)


encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(tuple[Attached, ...]).decode

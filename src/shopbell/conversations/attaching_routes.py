"""Attachments over HTTP: a file goes up before it is posted, and comes down for whoever may see it."""

from contextlib import suppress
from functools import partial

from litestar import HttpMethod, Response, Router, post, route
from litestar.response import Stream

from shopbell.conversations import attaching
from shopbell.conversations.allowance import Allowance
from shopbell.conversations.attaching import Upload
from shopbell.conversations.attachments import CAPTION_CHARACTERS, MOST_BYTES, Attachment
from shopbell.conversations.items import AttachmentItem, attachment_item
from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import Refusal, StorageUnsettled
from shopbell.kernel.files import Files, new_name
from shopbell.kernel.http import ApiRequest, Given, PathId, SideQuery, checked_id, downloads, uploads
from shopbell.kernel.rates import Rates
from shopbell.kernel.sniffing import sniffed
from shopbell.signin.actors import Person
from shopbell.signin.security import ANYONE
from shopbell.staff.actors import Staff
from shopbell.staff.door import side_of

FIELDS = {"caption": CAPTION_CHARACTERS}


@post(
    "/conversations/{conversation_id:str}/attachments",
    summary="Send a file, to be posted with a message within a day",
    security=ANYONE,
    # It has a bound of its own, and is not held in memory.
    request_max_body_size=None,
    opt={"form": uploads.described(FIELDS)},
)
async def attach(
    request: ApiRequest,
    desk: Given[Desk],
    anyone: Given[Person | Staff],
    rates: Given[Rates],
    files: Given[Files],
    allowance: Given[Allowance],
    conversation_id: PathId,
) -> AttachmentItem:
    """`kind` is found out from the content. What no message is posted with goes after 24 hours."""
    rates.check(anyone.id)
    conversation = await desk.read(attaching.writable_by, anyone, checked_id(conversation_id))
    async with allowance.used_by(anyone):
        upload = await _kept(request, files, new_name(desk.clock()))
    attachment = await _noted(desk, files, anyone, conversation.business_id, conversation.id, upload)
    return attachment_item(attachment.shown, side_of(anyone))


async def _kept(request: ApiRequest, files: Files, name: str) -> Upload:
    """The file, durable under that name before any row says so."""
    with files.receiving() as incoming:
        form = await uploads.received(request, incoming, most=MOST_BYTES, fields=FIELDS)
        await files.keep(incoming, name)
    caption = form.fields.get("caption", "")
    return Upload(name, sniffed(incoming.head), form.file_name, incoming.size, "" if caption.isspace() else caption)


async def _noted(
    desk: Desk, files: Files, author: Person | Staff, business_id: str, conversation_id: str, upload: Upload
) -> Attachment:
    try:
        return await desk.do(business_id, attaching.attach, author, conversation_id, upload)
    except StorageUnsettled:
        # The row may be there, and it needs them; if it isn't, the bytes are found by their day.
        raise
    except Refusal:
        # Should this fail as well, the bytes are found by their day.
        with suppress(Refusal):
            await files.remove(upload.kept)
        raise


@route(
    "/attachments/{attachment_id:str}",
    http_method=[HttpMethod.GET, HttpMethod.HEAD],
    summary="The bytes of an attachment",
    security=ANYONE,
    opt={"answers": downloads.DESCRIBED},
)
async def attachment(
    request: ApiRequest,
    desk: Given[Desk],
    anyone: Given[Person | Staff],
    files: Given[Files],
    allowance: Given[Allowance],
    attachment_id: PathId,
    side: SideQuery = None,
) -> Response[bytes] | Stream:
    """For whoever may read the message, or its author before it is posted. A page names its side by `side`.

    Pictures that every browser knows are shown, everything else is for saving. Answers one `Range`, and 304 to
    `If-None-Match`.
    """
    found = await desk.read(attaching.seen, anyone, checked_id(attachment_id))
    kept = downloads.Kept(found.kept, found.size, found.type, found.name)
    return await downloads.download(request, files, kept, during=partial(allowance.fetching.one, anyone.id))


router = Router(path="/", route_handlers=[attach, attachment])

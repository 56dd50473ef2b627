"""One socket of a customer or of a colleague: what it says is posted, what it may hear is sent."""

import json
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.auth.models import User

from desk.models import Conversation, Event, Staff
from desk.posting import Posted, Refused, post_message

SIGN_IN_FIRST = 4401
TEXT_LENGTH = 10_000
NONCE_LENGTH = 64

Frame = dict[str, Any]
# Several threads with a connection each: while one commit waits for the disk, others go on.
post = database_sync_to_async(post_message, thread_sensitive=False)


def staff_group(business_id: int) -> str:
    return f"staff.{business_id}"


def conversation_group(conversation_id: int) -> str:
    return f"conversation.{conversation_id}"


class Live(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        user = self.scope["user"]
        if not user.is_authenticated:
            await self.close(SIGN_IN_FIRST)
            return
        self.heard = await database_sync_to_async(groups_of)(user)
        for group in self.heard:
            await self.channel_layer.group_add(group, self.channel_name)
        await self.accept()
        await self.send(text_data=json.dumps({"type": "ready"}))

    async def disconnect(self, code: int) -> None:
        for group in getattr(self, "heard", []):
            await self.channel_layer.group_discard(group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        frame = json.loads(text_data or "{}")
        try:
            posted = await post(self.scope["user"], *said(frame))
        except Refused as refusal:
            await self.send(text_data=json.dumps(refused(frame, refusal)))
            return
        await self.send(text_data=json.dumps(acknowledged(frame, posted)))
        for event in posted.events:
            await self.tell(event)

    async def tell(self, event: Event) -> None:
        """Everybody who may hear it gets the same bytes, encoded once."""
        news = {"type": "news", "frame": json.dumps(shown(event, self.scope["user"]))}
        await self.channel_layer.group_send(staff_group(event.business_id), news)
        await self.channel_layer.group_send(conversation_group(event.conversation_id), news)

    async def news(self, message: Frame) -> None:
        await self.send(text_data=message["frame"])


def groups_of(user: User) -> list[str]:
    """Staff hear their whole business, customers their own conversations."""
    staff = Staff.objects.filter(user=user).first()
    if staff:
        return [staff_group(staff.business_id)]
    ids = Conversation.objects.filter(contact__person=user).values_list("id", flat=True)
    return [conversation_group(conversation_id) for conversation_id in ids]


def said(frame: Frame) -> tuple[int, str, str]:
    """Conversation, nonce and text of a frame that posts a message; raises Refused."""
    conversation_id, nonce, text = (frame.get(name) for name in ("conversation_id", "nonce", "text"))
    if frame.get("type") != "post_message" or not all(
        isinstance(given, str) for given in (conversation_id, nonce, text)
    ):
        raise Refused("Only messages can be posted here, with conversation, nonce and text.")
    if not conversation_id.isdecimal():
        raise Refused("There is no such conversation.")
    if not 0 < len(nonce) <= NONCE_LENGTH or not text.strip() or len(text) > TEXT_LENGTH:
        raise Refused("The nonce or the text is empty or too long.")
    return int(conversation_id), nonce, text


def acknowledged(frame: Frame, posted: Posted) -> Frame:
    message = posted.message
    return {
        "type": "ok",
        "ref": frame["ref"],
        "id": str(message.id),
        "seq": message.seq,
        "created_at": message.created_at.isoformat(),
    }


def refused(frame: Frame, refusal: Refused) -> Frame:
    return {"type": "refused", "ref": str(frame.get("ref")), "problem": {"detail": str(refusal)}}


def shown(event: Event, author: User) -> Frame:
    """The event as its hearers see it; only a message has more to it than its name."""
    message = event.message
    body: Frame = {"conversation_id": str(event.conversation_id)}
    if message:
        body |= {
            "id": str(message.id),
            "seq": message.seq,
            "ticket_id": str(message.ticket_id),
            "author": {"id": str(author.pk), "name": author.get_full_name()},
            "nonce": message.nonce,
            "text": message.text,
            "created_at": message.created_at.isoformat(),
        }
    return {
        "type": "event",
        "name": event.name,
        "business_id": str(event.business_id),
        "seq": event.seq,
        "at": event.at.isoformat(),
        "body": body,
    }

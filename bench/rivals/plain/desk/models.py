"""The tables a customer's message touches, with the indexes its statements need and no other."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Business(models.Model):
    """Its newest event and ticket numbers; whoever draws the next ones holds the row until the commit."""

    name = models.TextField()
    last_event = models.BigIntegerField(default=0)
    last_ticket = models.BigIntegerField(default=0)


class Staff(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True)
    business = models.ForeignKey(Business, models.PROTECT)


class Contact(models.Model):
    """A customer as one business knows them."""

    business = models.ForeignKey(Business, models.PROTECT, db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    blocked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["business", "person"], name="contact_once"),)


class Conversation(models.Model):
    contact = models.OneToOneField(Contact, models.PROTECT)


class Ticket(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting"
        PULLED = "pulled"
        ASSIGNED = "assigned"
        CLOSED = "closed"

    business = models.ForeignKey(Business, models.PROTECT, db_index=False)
    number = models.BigIntegerField()
    conversation = models.ForeignKey(Conversation, models.PROTECT)
    holder = models.ForeignKey(Staff, models.PROTECT, null=True)
    state = models.TextField(choices=State.choices, default=State.WAITING)
    messages = models.BigIntegerField(default=0)
    last_line = models.TextField(default="")
    last_seq = models.BigIntegerField(default=0)
    updated_seq = models.BigIntegerField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["business", "number"], name="ticket_number"),
            models.UniqueConstraint(fields=["conversation"], condition=~Q(state="closed"), name="one_open_ticket"),
        )
        indexes = (models.Index(fields=["business", "updated_seq"], condition=~Q(state="closed"), name="panel"),)


class Message(models.Model):
    conversation = models.ForeignKey(Conversation, models.PROTECT, db_index=False)
    seq = models.BigIntegerField()
    ticket = models.ForeignKey(Ticket, models.PROTECT, db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, db_index=False)
    nonce = models.TextField()
    text = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["conversation", "seq"], name="thread"),
            models.UniqueConstraint(fields=["conversation", "author", "nonce"], name="said_once"),
        )


class Event(models.Model):
    """What happened, numbered for each business; a message's content stays in its own table."""

    business = models.ForeignKey(Business, models.PROTECT, db_index=False)
    seq = models.BigIntegerField()
    name = models.TextField()
    conversation = models.ForeignKey(Conversation, models.PROTECT, db_index=False)
    message = models.ForeignKey(Message, models.PROTECT, null=True, db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["business", "seq"], name="log"),)

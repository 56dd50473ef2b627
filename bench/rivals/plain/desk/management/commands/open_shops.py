"""Fills an empty database with businesses, staff and customers who are signed in, and prints them as JSON."""

import json
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from desk.models import Business, Contact, Conversation, Staff


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        for name in ("shops", "customers", "agents"):
            parser.add_argument(f"--{name}", type=int, required=True)

    @transaction.atomic
    def handle(self, *, shops: int, customers: int, agents: int, **options: Any) -> None:
        run = token_hex(4)
        opened = [_shop(f"{run}-{number}", customers, agents) for number in range(shops)]
        self.stdout.write(json.dumps(opened))


def _shop(name: str, customers: int, agents: int) -> dict[str, Any]:
    business = Business.objects.create(name=name)
    return {
        "business_id": str(business.pk),
        "owner_token": _colleague(business, f"{name}-owner"),
        "agent_tokens": [_colleague(business, f"{name}-agent-{number}") for number in range(agents)],
        "customers": [_customer(business, f"{name}-{number}") for number in range(customers)],
    }


def _colleague(business: Business, name: str) -> str:
    user = User.objects.create(username=name, first_name="Ada", last_name=f"Colleague {name}")
    Staff.objects.create(user=user, business=business)
    return _session(user)


def _customer(business: Business, name: str) -> dict[str, str]:
    user = User.objects.create(username=name, first_name="Pat", last_name=f"Person {name}")
    contact = Contact.objects.create(business=business, person=user)
    conversation = Conversation.objects.create(contact=contact)
    return {"name": name, "token": _session(user), "conversation_id": str(conversation.pk)}


def _session(user: User) -> str:
    """The key of a new session, as signing in would make it."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key

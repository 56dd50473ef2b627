"""Sockets at /live, for whoever has a session."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
get_asgi_application()

# The consumer imports models, which are there only once Django has been set up.
from desk.consumers import Live  # noqa: E402

application = ProtocolTypeRouter({"websocket": AuthMiddlewareStack(URLRouter([path("live", Live.as_asgi())]))})

"""Customers who post over REST, one request in flight each."""

import time

import msgspec

from bench.rig.authors import Author
from bench.rig.rest import Connection, request
from bench.rig.server import Server

CREATED = 201


class Posted(msgspec.Struct):
    id: str
    seq: int


decode = msgspec.json.Decoder(Posted).decode


class Poster:
    """While `pressing`, each answer lets the next message go."""

    def __init__(self, server: Server, connection: Connection, token: str, author: Author) -> None:
        self.author = author
        self.pressing = False
        self._connection = connection
        # The length is the only part of the head that changes from message to message.
        path = f"/conversations/{author.conversation_id}/messages"
        self._head = request(server, "POST", path, token, b"").partition(b"Content-Length")[0]

    def press(self) -> None:
        self.pressing = True
        self._post()

    def _post(self) -> None:
        author = self.author
        number = author.write(time.perf_counter())
        body = f'{{"nonce":"{author.nonce(number)}","text":"{author.text(number)}"}}'.encode()
        sent = b"%bContent-Length: %d\r\n\r\n%b" % (self._head, len(body), body)
        self._connection.send(sent, self._answered, self._lost)

    def _answered(self, status: int, body: bytes) -> None:
        author = self.author
        if status != CREATED:
            author.tally.refuse(f"{status} {body.decode(errors='replace')}")
            return
        posted = decode(body)
        author.acknowledge(len(author.ids), posted.id, posted.seq, time.perf_counter())
        if self.pressing:
            self._post()

    def _lost(self) -> None:
        self.author.tally.refuse("the server hung up")

    def close(self) -> None:
        self._connection.close()

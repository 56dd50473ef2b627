"""The one table of "when this happened, do that later": what each kind of job does."""

from collections.abc import Mapping

import msgspec

from shopbell.channels import letters
from shopbell.channels.email import Mailbox
from shopbell.conversations import attaching
from shopbell.conversations.attaching import DROP_UNPOSTED, DropUnposted
from shopbell.kernel import discarding, ids
from shopbell.kernel.desk import Desk
from shopbell.kernel.discarding import REMOVE_FILES, RemoveFiles
from shopbell.kernel.files import Files
from shopbell.kernel.jobs import Handler, handler
from shopbell.signin import commands as signin
from shopbell.signin.actors import Side
from shopbell.staff import commands as staff
from shopbell.tickets import leaving
from shopbell.tickets.leaving import STAFF_LEFT, StaffLeft


class Means(msgspec.Struct, frozen=True):
    """What reactions work with; links in mails begin with `base_url` and nothing a client sent."""

    desk: Desk
    mailbox: Mailbox
    files: Files
    base_url: str


class PasswordReset(msgspec.Struct, frozen=True):
    email: str
    side: Side


class Invitation(msgspec.Struct, frozen=True):
    business_id: str
    staff_id: str


# Each try makes a new token, since only the hash of the last one was kept.


async def mail_password_reset(means: Means, asked: PasswordReset) -> None:
    """Mail a link if the address is somebody's; whoever asked cannot tell by the time it took."""
    token = ids.token()
    addressee = await means.desk.do(None, signin.issue_reset, asked.email, asked.side, ids.hashed(token))
    if addressee is not None:
        await means.mailbox.send(letters.password_reset(means.base_url, addressee.email, addressee.name, token))


async def mail_invitation(means: Means, asked: Invitation) -> None:
    token = ids.token()
    invitation = await means.desk.do(
        asked.business_id, staff.issue_invitation, asked.business_id, asked.staff_id, ids.hashed(token)
    )
    if invitation is not None:
        to = invitation.to
        await means.mailbox.send(letters.invitation(means.base_url, to.email, to.name, invitation.business_name, token))


async def staff_left(means: Means, left: StaffLeft) -> None:
    await means.desk.do(left.business_id, leaving.staff_left, left)


async def drop_unposted(means: Means, due: DropUnposted) -> None:
    await means.desk.do(due.business_id, attaching.drop_unposted, due)


async def remove_files(means: Means, named: RemoveFiles) -> None:
    await discarding.remove(means.desk, means.files, named.names)


HANDLERS: Mapping[str, Handler[Means]] = {
    "mail_password_reset": handler(PasswordReset, mail_password_reset),
    "mail_invitation": handler(Invitation, mail_invitation),
    STAFF_LEFT: handler(StaffLeft, staff_left),
    DROP_UNPOSTED: handler(DropUnposted, drop_unposted),
    REMOVE_FILES: handler(RemoveFiles, remove_files),
}

"""Mail as it lies in the folder, and as a mail server is handed it."""

import asyncio
import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from shopbell.channels import letters
from shopbell.channels.email import Mail, MailFolder, SmtpServer, mailbox, message

pytestmark = pytest.mark.anyio

TOKEN = "abc_DEF-" * 6
BASE = "https://chat.example.org"


def read(file: Path) -> EmailMessage:
    found = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def the_one(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


async def test_a_mail_is_one_whole_file_named_by_time_and_addressee(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    await MailFolder(folder, "desk@example.org").send(Mail("ada@example.org", "Grüße", "Hallo\n\nWelt 🦊\n"))
    file = the_one(folder)
    assert file.name.endswith("-ada@example.org.eml")
    found = read(file)
    assert (found["To"], found["Subject"]) == ("ada@example.org", "Grüße")
    assert "desk@example.org" in found["From"]
    assert found.get_content().splitlines() == ["Hallo", "", "Welt 🦊"]


@pytest.mark.parametrize(
    ("to", "name"),
    [
        ("../../etc/passwd@x.org", "-.._.._etc_passwd@x.org.eml"),
        ("jürgen@exämple.de", "-j_rgen@ex_mple.de.eml"),
        ("a+b@x.org", "-a+b@x.org.eml"),
        ("x" * 64 + "@" + "y" * 180 + ".org", ".eml"),
    ],
)
async def test_no_address_leads_out_of_the_folder(tmp_path: Path, to: str, name: str) -> None:
    folder = tmp_path / "mail"
    await MailFolder(folder, "desk@example.org").send(Mail(to, "s", "t"))
    file = the_one(folder)
    assert file.name.endswith(name)
    assert len(file.name) < 200
    assert [entry.name for entry in tmp_path.iterdir()] == ["mail"]


async def test_mails_of_the_same_moment_do_not_replace_each_other(tmp_path: Path) -> None:
    folder = MailFolder(tmp_path, "desk@example.org")
    await asyncio.gather(*(folder.send(Mail("ada@example.org", f"{at}", "t")) for at in range(40)))
    subjects = {read(file)["Subject"] for file in tmp_path.iterdir()}
    assert subjects == {str(at) for at in range(40)}


@pytest.mark.parametrize(
    "mail",
    [
        Mail("a@b.c\nBcc: x@y.z", "s", "t"),
        Mail("a\r\nBcc: x@y.z@b.c", "s", "t"),
        Mail("a@b.c", "s\nBcc: x@y.z", "t"),
        Mail("a@b.c", "s\r\n\r\nbody", "t"),
    ],
)
def test_no_header_can_be_slipped_in(mail: Mail) -> None:
    with pytest.raises(ValueError):
        message(mail, "desk@example.org")


def test_one_address_stays_one_address() -> None:
    composed = message(Mail("a,eve@evil.test,b@example.org", "s", "t"), "desk@example.org")
    assert [address.domain for address in composed["To"].addresses] == ["example.org"]


def test_links_lead_to_the_base_url_and_are_not_cut() -> None:
    for mail in (
        letters.password_reset(BASE, "ada@example.org", "Ada", TOKEN),
        letters.invitation(BASE, "ada@example.org", "Ada", "Ada's Bakery", TOKEN),
    ):
        raw = bytes(message(mail, "desk@example.org"))
        assert f"{BASE}/password?token={TOKEN}".encode() in raw
        assert raw.count(b"http") == 1


def test_a_name_cannot_write_lines_of_its_own_into_our_text() -> None:
    odd = "Ada\n\nPay here: now\u2028or else"
    for mail in (
        letters.password_reset(BASE, "ada@example.org", odd, TOKEN),
        letters.invitation(BASE, "ada@example.org", odd, odd, TOKEN),
    ):
        assert not any(line.startswith(("Pay", "or else")) for line in mail.text.splitlines())


def test_the_operator_chooses_folder_or_server(tmp_path: Path) -> None:
    assert isinstance(mailbox("", tmp_path, "desk@example.org"), MailFolder)
    assert isinstance(mailbox("smtps://u:p@mail.example.org", tmp_path, "desk@example.org"), SmtpServer)


async def test_a_mail_server_is_handed_the_mail_for_its_addressee() -> None:
    said: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 test\r\n")
        data = False
        while line := await reader.readline():
            said.append(line)
            if data and line != b".\r\n":
                continue
            if line.startswith(b"DATA"):
                data = True
                writer.write(b"354 go on\r\n")
                continue
            data = False
            writer.write(b"221 bye\r\n" if line.startswith(b"QUIT") else b"250 ok\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        post = mailbox(f"smtp://127.0.0.1:{port}", Path("/nowhere"), "desk@example.org")
        await post.send(letters.password_reset(BASE, "ada@example.org", "Ada", TOKEN))
    text = b"".join(said)
    assert b"RCPT TO:<ada@example.org>" in text
    assert f"token={TOKEN}".encode() in text


async def test_a_server_that_refuses_is_an_error_so_that_the_job_is_tried_again() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"421 not now\r\n")
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        post = mailbox(f"smtp://127.0.0.1:{port}", Path("/nowhere"), "desk@example.org")
        with pytest.raises(Exception, match="not now"):
            await post.send(Mail("ada@example.org", "s", "t"))

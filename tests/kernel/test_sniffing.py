"""What a file is by its first bytes."""

import pytest

from shopbell.kernel.sniffing import UNKNOWN, sniffed

EBML = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm"
OGG = b"OggS\0\x02" + bytes(22)


def mp4(brand: bytes, *tracks: bytes) -> bytes:
    return b"\0\0\0\x18ftyp" + brand + bytes(12) + b"".join(b"hdlr" + bytes(8) + track for track in tracks)


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (b"GIF89a\1\0", "image/gif"),
        (b"RIFF\n\x02\0\0WEBPVP8L", "image/webp"),
        (mp4(b"avif"), "image/avif"),
        (b"RIFF\n\x02\0\0WAVEfmt ", "audio/wave"),
        (b"ID3\4\0\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", "audio/aac"),
        (b"fLaC\0\0\0\x22", "audio/flac"),
        (OGG + b"\x01\x13OpusHead", "audio/ogg"),
        (OGG + b"\x01\x2a\x80theora", "video/ogg"),
        (EBML + b"A_OPUS", "audio/webm"),
        (EBML + b"V_VP9 A_OPUS", "video/webm"),
        (mp4(b"M4A "), "audio/mp4"),
        (mp4(b"iso5", b"soun"), "audio/mp4"),
        (mp4(b"isom", b"vide", b"soun"), "video/mp4"),
        (mp4(b"isom"), "video/mp4"),
        (mp4(b"qt  ", b"vide"), "video/quicktime"),
    ],
)
def test_what_browsers_can_show_or_play_is_known(head: bytes, found: str) -> None:
    assert sniffed(head) == found


@pytest.mark.parametrize(
    "head",
    [
        b"", b"\x89PNG", b"GIF88a", b" GIF89a", b"\xff\xd8", b"RIFF\0\0\0\0AVI ", b"ftyp", mp4(b"heic"), mp4(b"mif1"),
        b"<html><script>alert(1)</script>", b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<svg onload=alert(1)>", b"%PDF-1.7", b"PK\3\4", b"MZ\x90\0", b"#!/bin/sh", b"\x7fELF", b"\0\0\1\0",
        b"\xff\xfe<\0h\0", b"\xff\xff\xff\xff", b"OggX", b"\x1a\x45\xdf\xa3 matroska", b"BM\0\0",
    ],
)  # fmt: skip
def test_everything_else_is_nothing_that_may_be_shown(head: bytes) -> None:
    assert sniffed(head) == UNKNOWN

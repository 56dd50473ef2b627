"""What a file is by its first bytes, whatever its name and its sender say.

The signatures are those of the WHATWG's MIME Sniffing standard, sections 6.1 and 6.2, as browsers read them, with AVIF
by its brand (ISO/IEC 14496-12, section 4.3), FLAC (RFC 9639, section 8) and Matroska's own codec names.
"""

import re

UNKNOWN = "application/octet-stream"

_FIXED = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBPVP", re.DOTALL), "image/webp"),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "audio/wave"),
    (re.compile(rb"fLaC"), "audio/flac"),
    (re.compile(rb"ID3"), "audio/mpeg"),
    # The sync word of MPEG-1 or MPEG-2 layer III, with a bit rate and a sample rate that exist.
    (re.compile(rb"\xff[\xfa\xfb\xf2\xf3][\x10-\xeb]"), "audio/mpeg"),
    # The same of AAC in ADTS.
    (re.compile(rb"\xff[\xf0\xf1\xf8\xf9][\x40-\x7f]"), "audio/aac"),
)  # fmt: skip
_AVIF = (b"avif", b"avis")
_NOT_MOTION = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"crx ")


def sniffed(head: bytes) -> str:
    """The media type of what begins so: an image, audio or video that browsers know, else `UNKNOWN`."""
    for signature, found in _FIXED:
        if signature.match(head):
            return found
    if head[4:8] == b"ftyp":
        return _of_mp4(head)
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64]:
        return "video/webm" if b"V_VP" in head or b"V_AV1" in head else "audio/webm"
    if head.startswith(b"OggS\0"):
        return "video/ogg" if b"theora" in head[:256] else "audio/ogg"
    return UNKNOWN


def _of_mp4(head: bytes) -> str:
    """By the brand, and where that leaves it open by the tracks; a voice message has sound alone."""
    brand = head[8:12]
    if brand in _AVIF:
        return "image/avif"
    if brand in _NOT_MOTION:
        return UNKNOWN
    if brand == b"qt  ":
        return "video/quicktime"
    has_sound_alone = b"soun" in head and b"vide" not in head
    return "audio/mp4" if brand in (b"M4A ", b"M4B ") or has_sound_alone else "video/mp4"

"""A number that stands for words, and rules out at a glance that one of them begins as asked.

B. H. Bloom, Space/time trade-offs in hash coding with allowable errors, Comm. ACM 13 (1970), as a filter of beginnings.
"""

from collections.abc import Iterable
from zlib import crc32

# What a signed 64-bit column holds.
BITS = 63
# How many bits a beginning of one character sets, one of two, and so on: the shorter it is, the more hangs on each of
# its bits. Most names leave three bits of four unset.
WEIGHTS = (3, 2, 1, 1, 1, 1, 1, 1)


def bloom(words: Iterable[str]) -> int:
    """The bits of every beginning of every word.

    All bits of `bloom(beginnings)` are set in it when each of those begins one of the words, and hardly ever otherwise.
    It is stored, so the same words give the same number on every machine and in every version.
    """
    bits = 0
    for word in words:
        for length, weight in enumerate(WEIGHTS[: len(word)], 1):
            code = crc32(word[:length].encode())
            for _ in range(weight):
                code, bit = divmod(code, BITS)
                bits |= 1 << bit
    return bits

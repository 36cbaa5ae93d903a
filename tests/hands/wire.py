"""A form as it travels, byte by byte: urlencoded or multipart, with what no browser would send."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote_from_bytes

from tests.hands.garbage import Case

BOUNDARY = b"--------------------------zq5b1d"


@dataclass(frozen=True)
class Part:
    """One field of a form: its name and what stands in it; `filename` makes it a file."""

    name: str
    value: bytes
    filename: str | None = None


def part(name: str, value: object) -> list[Part]:
    """Return the parts of a field as `bodies.py` writes it: a list is sent field by field, (file, name) as a file."""
    if isinstance(value, tuple):
        return [Part(name, value[0].getvalue(), value[1])]
    if isinstance(value, list):
        return [Part(name, str(one).encode()) for one in value]
    return [] if value is None else [Part(name, str(value).encode())]


def replaced(parts: Iterable[Part], name: str, case: Case) -> list[Part]:
    """Return `parts` with the field `name` as `case` has it."""
    filename = "zq.txt" if case.is_file else None
    return [p for p in parts if p.name != name] + [Part(name, v, filename) for v in case.values]


def urlencoded(parts: Iterable[Part]) -> tuple[bytes, str]:
    """Return the body and its content type; a file is sent as the text that it holds."""
    told = "&".join(f"{quote_from_bytes(p.name.encode())}={quote_from_bytes(p.value)}" for p in parts)  # fmt: skip
    return told.encode(), "application/x-www-form-urlencoded"


def multipart(parts: Iterable[Part]) -> tuple[bytes, str]:
    """Return the body and its content type; values stand in it as they are."""
    lines = []
    for p in parts:
        file = "" if p.filename is None else f'; filename="{p.filename}"'
        head = f'Content-Disposition: form-data; name="{p.name}"{file}\r\n\r\n'.encode()
        lines.append(b"--" + BOUNDARY + b"\r\n" + head + p.value + b"\r\n")
    return b"".join(lines) + b"--" + BOUNDARY + b"--\r\n", f"multipart/form-data; boundary={BOUNDARY.decode()}"  # fmt: skip


def travelling(parts: list[Part], lot: random.Random) -> tuple[bytes, str]:
    """Return the form one way or the other, as the lot falls; one that holds a file goes as multipart."""
    if any(p.filename for p in parts) or lot.random() < 0.3:
        return multipart(parts)
    return urlencoded(parts)


def broken(parts: list[Part], lot: random.Random) -> tuple[bytes, str]:
    """Return the form with its envelope torn: cut short, another boundary, type or charset, a part without a name, nonsense."""
    body, kind = travelling(parts, lot)
    match lot.randrange(8):
        case 0:
            return body[: lot.randrange(len(body) + 1)], kind
        case 1:
            return body, "multipart/form-data; boundary=other"
        case 2:
            return body, lot.choice(("", "multipart/form-data", "text/plain", "application/json", "a/b; c=\x7f"))  # fmt: skip
        case 3:
            return body, f"{kind}; charset={lot.choice(('utf-16', 'utf-7', 'zq', 'latin-1'))}"
        case 4:
            return body.replace(b"form-data", b"attachment").replace(b"=", b"%3D", 1), kind
        case 5:
            return lot.randbytes(300), kind
        case 6:
            nameless, kind = multipart(parts)
            part = b"--" + BOUNDARY + b"\r\nContent-Disposition: form-data; other=x\r\n\r\nx\r\n"
            return part + nameless, kind
        case _:
            at = lot.randrange(len(body) + 1)
            return body[:at] + lot.randbytes(3) + body[at:], kind

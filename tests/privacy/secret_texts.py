"""Two thousand texts with something in them that must not leave, drawn by a seed, each with the part to look for."""

import base64
import json
import random
import string
from collections.abc import Callable

import msgspec


class Secret(msgspec.Struct, frozen=True):
    """A text, and what of it may be found nowhere."""

    kind: str
    text: str
    mark: str


_Draw = random.Random
_LETTERS = string.ascii_lowercase
_ALNUM = string.ascii_letters + string.digits


def _word(draw: _Draw, length: int = 9) -> str:
    return "".join(draw.choices(_LETTERS, k=length))


def _code(draw: _Draw, length: int) -> str:
    """Letters and digits, at least one of each."""
    return "".join((*draw.choices(_ALNUM, k=length - 2), draw.choice(_LETTERS), draw.choice(string.digits)))


def _hex(draw: _Draw, length: int) -> str:
    return "".join(draw.choices("0123456789abcdef", k=length))


def _jwt(draw: _Draw) -> tuple[str, str]:
    mark = _code(draw, 43)
    parts = [{"alg": "HS256", "typ": "JWT"}, {"sub": _code(draw, 12)}]
    head, payload = (base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts)
    return f"{head}.{payload}.{mark}", mark


def _vendor(draw: _Draw) -> tuple[str, str]:
    mark = _code(draw, 28)
    prefix = draw.choice(
        [
            "ghp_",
            "gho_",
            "github_pat_",
            "glpat-",
            "xoxb-",
            "sk-",
            "sk_live_",
            "pk_test_",
            "AKIA",
            "AIza",
            "ya29.",
            "hf_",
        ]
    )
    return prefix + mark, mark


def _assigned(draw: _Draw) -> tuple[str, str]:
    mark = _word(draw, 12)
    key = draw.choice(
        ["password", "db_passwd", "API_KEY", "client_secret", "access-key", "Cookie", "otp", "passphrase"]
    )
    form = draw.choice(["{}={}", "{}: {}", '"{}": "{}"', "{} = '{}'", '{}="{} and more"', "--{}={}"])
    return form.format(key, mark), mark


def _bearer(draw: _Draw) -> tuple[str, str]:
    mark = _code(draw, 20)
    return draw.choice(["Bearer {}", "Authorization: Bearer {}", "authorization: basic {}"]).format(mark), mark


def _private_key(draw: _Draw) -> tuple[str, str]:
    mark = _code(draw, 40)
    kind = draw.choice(["RSA PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY"])
    return f"-----BEGIN {kind}-----\n{mark}\n-----END {kind}-----", mark


def _email(draw: _Draw) -> tuple[str, str]:
    mark = _word(draw)
    return f"{mark}.{_word(draw, 4)}@{_word(draw, 6)}.example", mark


def _url(draw: _Draw) -> tuple[str, str]:
    mark = _word(draw, 12)
    forms = ["https://{}:pw@files.example/a", "https://files.example/{}/a", "http://x.example/?q={}", "ftp://x/{}"]
    return draw.choice(forms).format(mark), mark


def _query(draw: _Draw) -> tuple[str, str]:
    mark = _word(draw, 12)
    return draw.choice(["/find?name={}", "GET /v1/me?who={}&x=1", "?{}=1&next={}"]).replace("{}", mark), mark


def _path(draw: _Draw) -> tuple[str, str]:
    mark = _word(draw, 11)
    forms = [
        *("/home/{}/notes.txt", "/Users/{}/Desktop", "C:\\Users\\{}\\AppData\\x", "/srv/customers/{}/dismissal.docx"),
        *("\\\\server\\share\\{}.docx", "~/{}.txt", "/media/usb/{}/a", "D:\\work\\{}\\a.pdf", "/home/someone/{}.jpg"),
    ]
    return draw.choice(forms).format(mark), mark


def _address(draw: _Draw) -> tuple[str, str]:
    parts = [str(draw.randrange(1, 255)) for _ in range(4)]
    return ".".join(parts) + draw.choice(["", ":8443"]), ".".join(parts)


def _address_6(draw: _Draw) -> tuple[str, str]:
    mark = ":".join(_hex(draw, 4) for _ in range(draw.choice([4, 6])))
    return f"2001:db8:{mark}" if draw.random() < 0.5 else f"fe80::{mark}", mark


def _id(draw: _Draw) -> tuple[str, str]:
    mark = _hex(draw, 12)
    return f"{_hex(draw, 8)}-{_hex(draw, 4)}-7{_hex(draw, 3)}-a{_hex(draw, 3)}-{mark}", mark


def _digest(draw: _Draw) -> tuple[str, str]:
    mark = _hex(draw, draw.choice([32, 40, 64]))
    return mark, mark


def _encoded(draw: _Draw) -> tuple[str, str]:
    mark = base64.b64encode(bytes(draw.randrange(256) for _ in range(45))).decode()
    return mark + draw.choice(["", "=="]), mark


def _phone(draw: _Draw) -> tuple[str, str]:
    mark = "".join(draw.choices(string.digits, k=7))
    return draw.choice(["+49 170 {}", "+1 (555) {}", "0{}12", "+5511{}"]).format(mark), mark


def _place(draw: _Draw) -> tuple[str, str]:
    latitude, longitude = f"{draw.uniform(-89, 89):.5f}", f"{draw.uniform(-179, 179):.5f}"
    return draw.choice(["{}, {}", "{};{}", "lat={} lon={}", '"latitude": {}, "lng": {}']).format(
        latitude, longitude
    ), latitude


def _account_number(draw: _Draw) -> tuple[str, str]:
    digits = [f"{draw.randrange(10_000):04}" for _ in range(5)]
    return f"DE{draw.randrange(10, 99)} " + " ".join(digits), digits[2] + " " + digits[3]


KINDS: tuple[Callable[[_Draw], tuple[str, str]], ...] = (
    *(_jwt, _vendor, _assigned, _bearer, _private_key, _email, _url, _query, _path, _address, _address_6, _id),
    *(_digest, _encoded, _phone, _place, _account_number),
)


def secrets(count: int = 2000, seed: int = 20261125) -> list[Secret]:
    """So many, of every kind in turn, alone or within a sentence; the same for the same seed."""
    draw = random.Random(seed)
    found = []
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        text, mark = kind(draw)
        form = draw.choice(
            ["{}", "failed for {}", "{} was refused", "could not read <{}>", "({}), again", "x={}", "{}\n"]
        )
        found.append(Secret(kind.__name__.strip("_"), form.replace("{}", text), mark))
    return found

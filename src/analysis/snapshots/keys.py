"""The key of the keyed hashes, and the names of people that were dropped at the door, kept only as such hashes."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from analysis.house import UserError, path

_CHINESE = re.compile(r"[\u3400-\u9fff·]{2,}")
SHORTEST, LONGEST = 2, 12


def key(file: Path | None = None) -> bytes:
    """Return the key of the keyed hashes; it is made at first use, readable by the owner only, and is not in git.

    Parameters
    ----------
    file
        Where it is (default: ``data/local/key`` of the project). Whoever loses it can no longer match pupils of old
        and new files; whoever has it and the list of pupils can undo the hashes.
    """
    place = file or path("data", "local", "key")
    try:
        return bytes.fromhex(place.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        pass
    except ValueError:
        raise UserError(f"密钥文件“{place}”已损坏；请从备份恢复（重新生成会使新旧数据中的学生对不上）。") from None
    try:
        return _made(place)
    except OSError as slip:
        raise UserError(f"密钥文件“{place}”写不成：{slip.strerror}；请检查磁盘空间与权限。") from None


def _made(place: Path) -> bytes:
    """Make a key; of two processes that do so at once, the first one's holds."""
    place.parent.mkdir(parents=True, exist_ok=True)
    made = secrets.token_hex(32)
    draft = place.with_name(f".key.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as stream:
        stream.write(made + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(draft, place)
    except FileExistsError:
        return key(place)
    finally:
        draft.unlink()
    return bytes.fromhex(made)


def keyed(text: str, secret: bytes, purpose: str, length: int = 16) -> str:
    """Return a keyed hash (HMAC-SHA-256, hex) of a text for one purpose; the same text differs between purposes."""
    return hmac.new(secret, f"{purpose}\x1f{text}".encode(), hashlib.sha256).hexdigest()[:length]


@dataclass(frozen=True)
class KnownNames:
    """Names of people that intake has met, as keyed hashes: a text can be searched for them, but not read from them.

    Parameters
    ----------
    digests
        Keyed hashes of the names.
    lengths
        Lengths (characters) that the names have.
    secret
        The key.
    """

    digests: frozenset[str]
    lengths: frozenset[int]
    secret: bytes

    def __len__(self) -> int:
        return len(self.digests)

    def __call__(self, name: str) -> bool:
        """Say whether a text is, as a whole, one of the names."""
        return len(name) in self.lengths and digest(name, self.secret) in self.digests

    def found(self, text: str) -> list[str]:
        """Return the names that stand in a text, in order of place, each once.

        Every run of Chinese characters is cut into all pieces of the known lengths, and their hashes are looked up.
        """
        hits: dict[str, int] = {}
        seen: set[str] = set()
        for run in _CHINESE.finditer(text):
            words = run.group()
            for length in sorted(self.lengths):
                for start in range(len(words) - length + 1):
                    piece = words[start : start + length]
                    if piece not in seen:
                        seen.add(piece)
                        if digest(piece, self.secret) in self.digests:
                            hits[piece] = run.start() + start
        return sorted(hits, key=lambda name: (hits[name], name))


def digest(name: str, secret: bytes) -> str:
    """Return the keyed hash of a person's name."""
    return keyed(name, secret, "name", 24)


def lines(names: Iterable[str], secret: bytes) -> bytes:
    """Return the content of a snapshot's list of names: one ``length digest`` a line, sorted."""
    wanted = {name for name in names if SHORTEST <= len(name) <= LONGEST}
    return "".join(sorted(f"{len(name)} {digest(name, secret)}\n" for name in wanted)).encode()


def read(files: Iterable[Path], secret: bytes) -> KnownNames:
    """Read the lists of names of snapshots."""
    digests, lengths = set(), set()
    for file in files:
        for line in file.read_text(encoding="ascii").splitlines():
            length, _, hashed = line.partition(" ")
            lengths.add(int(length))
            digests.add(hashed)
    return KnownNames(frozenset(digests), frozenset(lengths), secret)

"""Where a running installation keeps its sockets: shared by the settings and the run command, without Django."""

import hashlib
import os
import tempfile
from pathlib import Path

# A Unix socket's name holds 108 bytes on Linux, 104 elsewhere, the closing zero included.
LONGEST_SOCKET_NAME = 100


def redis_socket(var_dir: Path) -> Path:
    """Return the private Redis server's socket: under the var directory, or in a short one where that is too deep.

    Args:
        var_dir: the installation's var directory; another one means another socket.
    """
    path = var_dir.absolute() / "redis.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_NAME:
        return path
    mark = hashlib.sha256(os.fsencode(var_dir.absolute())).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"open-mentoring-{os.getuid()}-{mark}" / "redis.sock"


def prepare_socket_dir(socket: Path) -> None:
    """Create the socket's directory for this user alone.

    Raises:
        PermissionError: when the directory is somebody else's, or open to others, outside the var directory.
    """
    directory = socket.parent
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    state = directory.lstat()
    if directory.is_symlink() or state.st_uid != os.getuid():
        raise PermissionError(f"{directory} belongs to somebody else; remove it, or clone into a shorter path.")
    if directory.name.startswith("open-mentoring-") and state.st_mode & 0o077:
        raise PermissionError(f"{directory} is open to others; remove it, or clone into a shorter path.")

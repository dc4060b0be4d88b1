"""Where a store may be: on a file system of this machine, in a folder that not everybody may write to."""

from __future__ import annotations

import os
import re
import shlex
import stat
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from huntertui.errors import NotAllowed

_SHARED = frozenset(
    [
        "9p", "acfs", "afs", "beegfs", "ceph", "cifs", "coda", "drvfs", "fuse", "fuseblk", "gfs2",
        "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "prl_fs", "pvfs2", "smb3",
        "smbfs", "vboxsf", "virtiofs", "vmhgfs",
    ]
)  # fmt: skip
"""Types of file systems that other machines may write to as well, or whose locks somebody emulates."""


def check_place(folder: Path, *, anywhere: bool = False, mountinfo: str | None = None) -> None:
    """Raise NotAllowed when no store should be kept in `folder`, which need not be there yet.

    Not on NFS, SMB, FUSE and their like, unless `anywhere`: flock(2) and O_APPEND hold between the processes
    of one machine, but between machines they depend on server, version and options (open(2): "O_APPEND may
    lead to corrupted files on NFS filesystems"). `mountinfo` stands for the text of /proc/self/mountinfo, see
    proc(5); where that cannot be read, any file system is taken.

    Never where everybody may write, sticky or not: anybody could put a lock or a journal there before we do.
    Who may write to the folders above it is left to those who made them.
    """
    with suppress(OSError):
        if os.stat(f"{folder}/.").st_mode & stat.S_IWOTH:  # noqa: PTH116  (with "." an automounter mounts it)
            command = shlex.join(["chmod", "o-w", str(folder)])
            raise NotAllowed(f"{folder}: everybody may write there, so no store is safe in it: {command}")
    if anywhere:
        return
    mount = _mount_of(os.path.realpath(folder), _mounts() if mountinfo is None else mountinfo)
    if mount and (mount.kind in _SHARED or mount.kind.startswith("fuse.")):
        raise NotAllowed(
            f"{folder}: no place for a store, as {mount.point} is a file system of type {mount.kind}: locks"
            " and appends of several machines are not dependable there. Put the store on a local disk; or, if"
            " only this machine ever uses it: --any-filesystem, or any_filesystem = true in the configuration"
        )


def kind_of(folder: Path) -> str:
    """Return the type of the file system that `folder` is on; "" where the system does not tell."""
    mount = _mount_of(os.path.realpath(folder), _mounts())
    return mount.kind if mount else ""


class _Mount(NamedTuple):
    id: str
    parent: str
    point: str
    kind: str


def _mounts() -> str:
    try:
        return os.fsdecode(Path("/proc/self/mountinfo").read_bytes())
    except OSError:
        return ""


def _mount_of(path: str, mountinfo: str) -> _Mount | None:
    """Return the mount that a real path leads to, going from each mount to the first on top of it on the way.

    Neither the longest mount point nor the last line would do: a later mount hides what is below its point,
    and the lines are in no order.
    """
    mounts = [mount for line in mountinfo.split("\n") if (mount := _parse(line))]
    above = [mount for mount in mounts if f"{path}/".startswith(f"{mount.point.rstrip('/')}/")]
    ids = {mount.id for mount in mounts}
    now, candidates = None, [mount for mount in above if mount.parent not in ids or mount.parent == mount.id]
    while candidates:
        now = min(reversed(candidates), key=lambda mount: len(mount.point))
        above.remove(now)
        candidates = [mount for mount in above if mount.parent == now.id]
    return now


def _parse(line: str) -> _Mount | None:
    """Read `id parent device root point options [tags ...] - type source ...`; None for anything else."""
    before, found, after = line.partition(" - ")
    match before.split(" "):
        case [id, parent, _, _, point, *_] if found:
            point = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), point)
            return _Mount(id, parent, point, after.partition(" ")[0])
    return None

"""Where a store may be: on a file system of this machine, in a folder that not everybody may write to."""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress
from pathlib import Path

from huntertui.errors import NotAllowed

_SHARED = frozenset(
    (
        "9p acfs afs beegfs ceph cifs coda drvfs fuse fuseblk gfs2 glusterfs gpfs lustre ncpfs nfs nfs4 ocfs2"
        " orangefs prl_fs pvfs2 smb3 smbfs vboxsf virtiofs vmhgfs"
    ).split()
)
"""Types of file systems that other machines write to as well, or whose locks an emulation keeps."""


def check_place(folder: Path, *, anywhere: bool = False, mountinfo: str | None = None) -> None:
    """Raise NotAllowed when no store should be kept in `folder`, which need not be there yet.

    Not on NFS, SMB, FUSE and their like, unless `anywhere`: flock(2) and O_APPEND hold between processes of
    one machine; between several they depend on server, version and mount options (open(2): "O_APPEND may lead
    to corrupted files on NFS"), and attributes are cached for seconds. `mountinfo` stands for the text of
    /proc/self/mountinfo, see proc(5); where there is no /proc, any file system is taken.

    Never where everybody may write, sticky or not: anybody could put a lock or a journal there before we do.
    Who may write to the folders above is left to whoever made them.
    """
    with suppress(OSError):
        # "." makes an automounter mount what is to be looked at
        if (folder / ".").stat().st_mode & stat.S_IWOTH or os.stat(f"{folder}/.").st_mode & stat.S_IWOTH:
            raise NotAllowed(f"{folder}: everybody may write there, so no store is safe in it: chmod o-w it")

from __future__ import annotations

import os
from pathlib import Path

import pytest

from huntertui.errors import NotAllowed
from huntertui.store.place import check_place

ROOT = "27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"


def mount(point: str, kind: str, id: int = 40, parent: int = 27, root: str = "/") -> str:
    return f"{id} {parent} 0:{id} {root} {point} rw,nosuid,relatime - {kind} source:/x rw,vers=4.2\n"


def refused(folder: Path | str, mountinfo: str) -> str:
    """Return the type of file system for which a folder is refused, "" if it is not."""
    try:
        check_place(Path(folder), mountinfo=mountinfo)
    except NotAllowed as error:
        return str(error).partition("of type ")[2].partition(":")[0]
    return ""


@pytest.mark.parametrize(
    ("kind", "bad"),
    [
        ("ext4", False), ("xfs", False), ("btrfs", False), ("tmpfs", False), ("overlay", False),
        ("zfs", False), ("ext4.nfs", False), ("autofs", False), ("fusectl", False),
        ("nfs", True), ("nfs4", True), ("cifs", True), ("smb3", True), ("smbfs", True), ("9p", True),
        ("fuse", True), ("fuse.sshfs", True), ("fuseblk", True), ("afs", True), ("ceph", True),
        ("glusterfs", True), ("lustre", True), ("beegfs", True), ("gfs2", True), ("ocfs2", True),
        ("vboxsf", True), ("vmhgfs", True),
    ],
)  # fmt: skip
def test_types_of_file_systems(kind: str, bad: bool) -> None:
    assert refused("/no/team", ROOT + mount("/no", kind)) == (kind if bad else "")


@pytest.mark.parametrize(
    ("folder", "mountinfo", "kind"),
    [
        ("/no/team", "", ""),
        ("/no/team", ROOT, ""),
        ("/no/team", ROOT.replace("ext4", "nfs"), "nfs"),
        ("/no", ROOT + mount("/no", "nfs"), "nfs"),
        ("/none/team", ROOT + mount("/no", "nfs"), ""),
        ("/", ROOT + mount("/no", "nfs"), ""),
        # the inner one counts, whichever line comes first
        ("/no/team/x", ROOT + mount("/no", "nfs") + mount("/no/team", "ext4", 41, 40), ""),
        ("/no/team/x", mount("/no/team", "nfs", 41, 40) + mount("/no", "ext4") + ROOT, "nfs"),
        ("/no/team", mount("/no", "nfs") + ROOT, "nfs"),
        # one on top of another
        ("/no/team", ROOT + mount("/no", "ext4") + mount("/no", "nfs", 41, 40), "nfs"),
        ("/no/team", ROOT + mount("/no", "nfs", 41, 40) + mount("/no", "autofs", 40, 27), "nfs"),
        ("/no/team", ROOT + mount("/no", "nfs") + mount("/no", "ext4", 41, 40), ""),
        ("/no/team", ROOT + mount("/no", "nfs", 40) + mount("/no", "ext4", 41), ""),
        # what a later one above it hides
        ("/no/team/x", ROOT + mount("/no/team", "ext4", 40) + mount("/no", "nfs", 41), "nfs"),
        ("/no/team/x", ROOT + mount("/no/team", "nfs", 40) + mount("/no", "ext4", 41), ""),
        # bound from elsewhere: only where it stands counts
        ("/no/team", ROOT + mount("/no", "ext4", root="/mnt/nfs"), ""),
        ("/no/team", ROOT + mount("/no", "nfs4", root="/export/sales//deleted"), "nfs4"),
        # in a chroot the root is not listed
        ("/no/team", mount("/no", "nfs", 40, 27), "nfs"),
        ("/no/team", mount("/proc", "proc", 40, 27), ""),
        # names
        ("/no/our team/x", ROOT + mount(r"/no/our\040team", "cifs"), "cifs"),
        ("/no/a\tb\\c\nd", ROOT + mount(r"/no/a\011b\134c\012d", "cifs"), "cifs"),
        ("/no/a - b/x", ROOT + mount(r"/no/a\040-\040b", "cifs"), "cifs"),
        ("/no/\x85\u2028ü", ROOT + mount("/no/\x85\u2028ü", "cifs"), "cifs"),
        (os.fsdecode(b"/no/\xff"), ROOT + mount(os.fsdecode(b"/no/\xff"), "cifs"), "cifs"),
        # optional fields, none of them and several
        ("/no/x", "40 27 0:4 / /no rw shared:3 master:1 unbindable - nfs4 h:/x rw\n" + ROOT, "nfs4"),
        ("/no/x", "40 27 0:4 / /no rw - nfs4 - rw", "nfs4"),
        ("/no/x", "40 27 0:4 / /no rw - nfs4", "nfs4"),
        # what is no such line
        ("/no/x", ROOT + "\n\n40 27 0:4\n40 27 0:4 / /no rw nfs4 h:/x rw\n - nfs4 x\n", ""),
        ("/no/x", "27 27 0:4 / / rw - nfs4 x rw\n", "nfs4"),
    ],
)
def test_the_mount_that_counts(folder: str, mountinfo: str, kind: str) -> None:
    assert refused(folder, mountinfo) == kind


def test_links_are_followed(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "team").symlink_to("far", target_is_directory=True)
    (tmp_path / "loop").symlink_to("loop")
    mounts = ROOT + mount(str(tmp_path / "far"), "nfs")
    assert refused(tmp_path / "team", mounts) == "nfs"
    assert refused(tmp_path / "team" / "not" / "yet", mounts) == "nfs"
    assert refused(tmp_path / "near", mounts) == ""
    assert refused(tmp_path / "loop", mounts) == ""


def test_a_relative_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert refused(".", ROOT + mount(str(tmp_path), "nfs")) == "nfs"


def test_the_message_says_where_why_and_what_else() -> None:
    with pytest.raises(NotAllowed) as caught:
        check_place(Path("/no/team"), mountinfo=ROOT + mount("/no", "fuse.sshfs"))
    for words in (
        "/no/team: ",
        "/no is",
        "fuse.sshfs",
        "not dependable",
        "--any-filesystem",
        "any_filesystem",
    ):
        assert words in str(caught.value)


def test_anywhere_is_anywhere() -> None:
    check_place(Path("/no/team"), anywhere=True, mountinfo=ROOT + mount("/no", "nfs"))


def test_this_machine_as_it_is(tmp_path: Path) -> None:
    """Its own mounts are read: the one that the tests run on is local, and /proc is nowhere shared."""
    check_place(tmp_path / "team")
    check_place(Path("/proc/self"))


@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o2772])
@pytest.mark.parametrize("anywhere", [False, True])
def test_a_folder_for_everybody_is_refused(tmp_path: Path, mode: int, anywhere: bool) -> None:
    folder = tmp_path / "our team"
    folder.mkdir()
    folder.chmod(mode)
    (tmp_path / "link").symlink_to(folder, target_is_directory=True)
    with pytest.raises(NotAllowed, match=rf"everybody may write there.*chmod o-w '{folder}'"):
        check_place(folder, anywhere=anywhere, mountinfo=ROOT)
    with pytest.raises(NotAllowed, match="everybody may write there"):
        check_place(tmp_path / "link", anywhere=anywhere, mountinfo=ROOT)
    folder.chmod(0o2770)
    check_place(folder, mountinfo=ROOT)


def test_it_may_be_made_in_a_folder_for_everybody(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    check_place(tmp_path / "team", mountinfo=ROOT)

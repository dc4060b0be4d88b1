#!/opt/huntertui/bin/python -I
"""huntertui for an account of its own, deaf to what the caller's environment says of paths and programs."""

import os
import pwd
import sys
from pathlib import Path

SETTINGS = "/etc/huntertui/config.toml"

kept = ("TERM", "COLORTERM", "LANG", "SSH_CONNECTION", "STY", "TMUX", "SUDO_UID")
given = {name: value for name, value in os.environ.items() if name in kept or name.startswith("LC_")}
os.environ.clear()
os.environ.update(given, PATH="/usr/bin:/bin", HOME=pwd.getpwuid(os.getuid()).pw_dir)
os.umask(0o077)
os.chdir("/")

from huntertui.__main__ import main  # noqa: E402  (after the environment is clean)

sys.exit(main(Path(SETTINGS), again=(sys.executable, "-I", str(Path(__file__).absolute()))))

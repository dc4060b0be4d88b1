"""A line between a client and the database's server that can be cut, at the very word that is waited for."""

from __future__ import annotations

import select
import socket
import threading
from contextlib import suppress
from pathlib import Path

PORT = ".s.PGSQL.5432"  # how the server's socket is named


class Wire:
    """Passes everything on between `folder`, where a client connects, and the server's own folder.

    `cut_at`: the next piece with these bytes, in either direction, is where both ends are cut off; `lose`
    says whether that piece is lost (else it is passed on first). `cuts` counts.
    """

    def __init__(self, folder: Path, server: Path) -> None:
        self.cut_at: bytes | None = None
        self.lose = True
        self.cuts = 0
        self._server = str(server / PORT)
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / PORT))
        self._listening.listen(20)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Nobody can connect any more."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client = self._listening.accept()[0]
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._server)
                threading.Thread(target=self._pass, args=(client, server), daemon=True).start()

    def _pass(self, client: socket.socket, server: socket.socket) -> None:
        other = {client: server, server: client}
        with client, server, suppress(OSError):
            while True:
                for end in select.select(list(other), [], [])[0]:
                    piece = end.recv(1 << 16)
                    if not piece:
                        return
                    here = self.cut_at is not None and self.cut_at in piece
                    if not (here and self.lose):
                        other[end].sendall(piece)
                    if here:
                        self.cut_at, self.cuts = None, self.cuts + 1
                        return

"""What a rep can do: each use case is one transaction, and says in one line what it changed."""

from huntertui.desk.desk import Desk
from huntertui.desk.ledger import Change
from huntertui.desk.shelf import Followed

__all__ = ["Change", "Desk", "Followed"]

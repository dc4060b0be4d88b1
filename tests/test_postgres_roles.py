"""The rules of docs/server/postgresql.sql: what a rep's login can do, with psql and with the program."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import acting
import pytest
from acting import CHANGING, Hands, documents, later, world
from commandline import inside
from desks import Clock, desk_over
from postgres import Server, programs

from huntertui.desk import Desk
from huntertui.errors import NotAllowed, Resync
from huntertui.store import Doc, Record, Tx, apply_inverse, open_store

SCRIPT = Path(__file__).parent.parent / "docs" / "server" / "postgresql.sql"
PRUNE = SCRIPT.with_name("postgresql-prune.sql")
LOGINS = {"ana": "huntertui_rep", "ben": "huntertui_rep", "cyd": "huntertui_lead"}


def psql(server: Server, database: str, user: str, *options: str | Path) -> subprocess.CompletedProcess[str]:
    place = programs()
    assert place
    return subprocess.run(
        [place / "psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-h", server.folder, "-U", user, *options],
        env={"PGPASSWORD": user, "PGDATABASE": database, "LC_ALL": "C"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def team(postgres: Server) -> str:
    """A database with the small world, the rules, and a login for each member, whose password is his name."""
    database = postgres.database()
    for _ in range(2):  # it can be run again
        done = psql(postgres, database, "admin", "-f", SCRIPT)
        assert done.returncode == 0, done.stderr
    for name, role in LOGINS.items():
        postgres.ask(f"CREATE ROLE {name} LOGIN PASSWORD '{name}'; GRANT {role} TO {name}", database)
    world(postgres.url(database), Clock()).store.close()
    as_ben(postgres, database, lambda desk: desk.note(3, "spoke with her"))
    return database


def as_ben(server: Server, database: str, does: Callable[[Desk], object]) -> None:
    with open_store(url(server, database, "ben"), "ben", clock=later()) as store:
        does(desk_over(store, later(), "ben"))


def url(server: Server, database: str, user: str) -> str:
    return server.url(database, user, f"&password={user}")


def kept(server: Server, database: str) -> list[tuple[object, ...]]:
    """All that the history stands on."""
    changes = server.ask("SELECT CAST(c AS text) FROM huntertui.change c ORDER BY seq", database)
    docs = server.ask("SELECT CAST(d AS text) FROM huntertui.doc d ORDER BY tbl, id, seq", database)
    return [*changes, *docs, *server.ask("SELECT CAST(s AS text) FROM huntertui.store s", database)]


NEXT = "UPDATE huntertui.store SET seq = seq + 1;"
MINE = (
    "INSERT INTO huntertui.change SELECT seq, now(), '{who}', 'forged', null, null, 'token' || seq"
    " FROM huntertui.store;"
)
DOC = "INSERT INTO huntertui.doc SELECT '{table}', {id}, seq, 0, {data} FROM huntertui.store;"
CHANGE = NEXT + MINE.format(who="ana")
OTHERS = "(SELECT id FROM huntertui.doc WHERE tbl = 'events' AND data->>'by' = 'ben' LIMIT 1)"
FORGED = """'{"kind": "note", "opportunity": 1, "by": "ben", "text": "it was me"}'"""

DENIED, POLICY = "permission denied", "violates row-level security policy"
ATTACKS = {
    "change a version": ("UPDATE huntertui.doc SET data = '{}'", DENIED),
    "delete a version": ("DELETE FROM huntertui.doc", DENIED),
    "empty the history": ("TRUNCATE huntertui.doc", DENIED),
    "rename an author": ("UPDATE huntertui.change SET who = 'ben'", DENIED),
    "delete a change": ("DELETE FROM huntertui.change", DENIED),
    "set the number back": ("UPDATE huntertui.store SET seq = 1", POLICY),
    "leave a gap": ("UPDATE huntertui.store SET seq = seq + 2", POLICY),
    "let anybody be anybody": ("UPDATE huntertui.store SET by_login = false", DENIED),
    "make it too new for all": ("UPDATE huntertui.store SET schema = 9", DENIED),
    "another store": ("INSERT INTO huntertui.store VALUES (1, '', 1, 1, false)", DENIED),
    "switch the rules off": ("ALTER TABLE huntertui.doc DISABLE ROW LEVEL SECURITY", "must be owner"),
    "drop a rule": ("DROP POLICY own ON huntertui.doc", "must be owner"),
    "add a rule": ("CREATE POLICY mine ON huntertui.doc FOR UPDATE USING (true)", "must be owner"),
    "a trigger": (
        "CREATE TRIGGER t BEFORE INSERT ON huntertui.doc EXECUTE FUNCTION lo_manage()",
        DENIED,
    ),
    "a table of one's own": ("CREATE TABLE huntertui.x (y int)", DENIED),
    "be a lead": ("SET ROLE huntertui_lead", DENIED),
    "be the administrator": ("SET SESSION AUTHORIZATION admin", DENIED),
    "give oneself the role": ("GRANT huntertui_lead TO ana", "must have admin option"),
    "write as another": (NEXT + MINE.format(who="ben"), POLICY),
    "write a number that is taken": (MINE.format(who="ana"), "duplicate key"),
    "write into an old change": (
        "INSERT INTO huntertui.doc VALUES ('opportunities', 999, 1, 0, '{}')",
        POLICY,
    ),
    "add to another's change": (DOC.format(table="opportunities", id=999, data="'{}'"), POLICY),
    "an event of another's": (CHANGE + DOC.format(table="events", id=9999, data=FORGED), POLICY),
    "an event of nobody's": (CHANGE + DOC.format(table="events", id=9999, data="'{}'"), POLICY),
    "a message of another's": (CHANGE + DOC.format(table="messages", id=9999, data=FORGED), POLICY),
    "rewrite another's event": (CHANGE + DOC.format(table="events", id=OTHERS, data=FORGED), POLICY),
    "take another's event over": (
        CHANGE + DOC.format(table="events", id=OTHERS, data=FORGED.replace("ben", "ana")),
        POLICY,
    ),
    "delete another's event": (CHANGE + DOC.format(table="events", id=OTHERS, data="null"), POLICY),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_with_psql_a_rep_cannot(attack: str, postgres: Server, team: str) -> None:
    statements, answer = ATTACKS[attack]
    before = kept(postgres, team)
    done = psql(postgres, team, "ana", "-1", "-c", statements)
    assert (done.returncode != 0, answer in done.stderr) == (True, True), done.stderr
    assert kept(postgres, team) == before


def test_with_psql_a_rep_can_write_as_himself(postgres: Server, team: str) -> None:
    own = FORGED.replace("ben", "ana")
    statements = CHANGE + DOC.format(table="events", id="9999", data=own)
    assert psql(postgres, team, "ana", "-1", "-c", statements).stderr == ""
    with open_store(url(postgres, team, "ben"), "ben", clock=Clock()) as store:
        assert (store.get("events", 9999) or {})["by"] == "ana"


def test_every_act_of_a_rep_and_its_undo_goes_through(postgres: Server, team: str) -> None:
    clock = later()
    with open_store(url(postgres, team, "ana"), "ana", clock=clock) as store:
        assert store.login == "ana"
        hands = Hands(desk_over(store, clock))
        for command in CHANGING:
            before, seq = documents(store), store.seq
            if command.name == "answer":
                as_ben(postgres, team, lambda desk: desk.message(acting.MINE, "call him before noon"))
                hands.steering.follow()
                before = documents(store)
                hands.to(acting.MINE).by_key(command)
            else:
                hands.ready(command).by_key(command)
            assert store.seq > seq, f"{command.name}: {hands.steering.said}"
            while documents(store) != before:
                said = hands.type("␛␛u").steering.said
                assert said.startswith(("undone: ", "redone: ")), f"{command.name}: {said}"


def test_the_login_is_the_member(
    postgres: Server, team: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    leads = tmp_path / "leads.csv"
    leads.write_text("company,email\nZeta,zoe@zeta.example\n")
    assert inside("--store", url(postgres, team, "ana"), "import", leads) == 0
    with open_store(url(postgres, team, "ben"), "ben", clock=Clock()) as store:
        assert [record.by for record in store.changes(store.seq - 1)] == ["ana"]
        with pytest.raises(NotAllowed) as refused:
            store.transact(lambda tx: tx.insert("opportunities", {}), "ana")
        assert (refused.value.exit_code, store.refresh()) == (7, False)
    assert inside("--store", url(postgres, team, "ben"), "doctor") == 0
    assert "takes your changes as ben alone" in capsys.readouterr().out


def test_a_lead_may_put_right_what_others_wrote(postgres: Server, team: str) -> None:
    def put_right(tx: Tx) -> None:
        tx.update("events", event, {"text": "did not speak with her"})

    with open_store(url(postgres, team, "cyd"), "cyd", clock=Clock()) as store:
        event = store.find("events", [("by", "=", "ben")])[0][0]
        assert store.transact(put_right, "cyd").record
        with pytest.raises(NotAllowed):
            store.transact(lambda tx: tx.delete("events", event), "ben")
    with open_store(url(postgres, team, "ana"), "ana", clock=Clock()) as store, pytest.raises(NotAllowed):
        store.transact(lambda tx: tx.delete("events", event), "ana")


def test_what_is_pruned_is_missed_by_nobody(postgres: Server) -> None:
    database = postgres.emptied()
    now = datetime.now(UTC)
    times = [now - timedelta(days=days) for days in (40, 30, 20, 10, 0)]
    with open_store(postgres.url(database), "ana", clock=lambda: times[0]) as follower:
        for n, at in enumerate(times):
            with open_store(postgres.url(database), "ana", clock=lambda at=at: at) as store:  # type: ignore[misc]
                id = store.transact(lambda tx, n=n: tx.insert("opportunities", {"n": n}), "ana").result  # type: ignore[misc]
                if n:
                    store.transact(lambda tx, n=n: tx.update("opportunities", 1, {"n": n}), "ana")  # type: ignore[misc]
                if n == 1:
                    store.transact(lambda tx, id=id: tx.delete("opportunities", id), "ana")  # type: ignore[misc]
        before, told = store_of(postgres, database), told_by(postgres, database)
        for _ in range(2):
            done = psql(postgres, database, "admin", "-f", PRUNE)
            assert done.returncode == 0, done.stderr
        assert (store_of(postgres, database), told_by(postgres, database)) == (before, told)
        assert postgres.ask("SELECT min(seq), max(seq) FROM huntertui.change", database) == [(7, 10)]
        assert follower.refresh()
        with pytest.raises(Resync):
            follower.changes(0)
        assert (follower.seq, follower.find("opportunities")) == (10, before)
        undone = follower.record(7)
        assert undone
        follower.transact(lambda tx: apply_inverse(tx, undone), "ana")


def told_by(server: Server, database: str) -> list[Record | None]:
    with open_store(server.url(database), "ana", clock=Clock()) as store:
        return [store.record(seq) for seq in range(7, 11)]


def store_of(server: Server, database: str) -> list[tuple[int, Doc]]:
    with open_store(server.url(database), "ana", clock=Clock()) as store:
        return store.find("opportunities")

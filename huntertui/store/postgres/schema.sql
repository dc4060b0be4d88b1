-- What a store is in a database. Run by the program before the first change, or by an administrator before all
-- (docs/server/postgresql.sh); it can be run again. Nothing in it but what PostgreSQL-compatible engines share.

CREATE SCHEMA IF NOT EXISTS huntertui;

-- The one row of the store. Whoever locks it is the one who writes; `seq` is the number of the last change.
-- `by_login`: the database sees to it that everybody writes as himself (docs/server/postgresql.sh).
CREATE TABLE IF NOT EXISTS huntertui.store (
    one integer PRIMARY KEY CHECK (one = 1),
    id text NOT NULL,
    schema integer NOT NULL,
    seq bigint NOT NULL,
    by_login boolean NOT NULL DEFAULT false
);

-- One row for each transaction. `added`: the ids that a bulk one inserted, null for all others. `token`: by
-- which its author finds out whether it took place, when the answer was lost.
CREATE TABLE IF NOT EXISTS huntertui.change (
    seq bigint PRIMARY KEY,
    at timestamp with time zone NOT NULL,
    who text NOT NULL,
    label text NOT NULL,
    undoes bigint,
    added json,
    token text NOT NULL UNIQUE
);

-- One row for each document that a change wrote, as it was from that change on; null: deleted. No row is ever
-- changed, so the state after any change can be read at any time. `n`: its place among the ops of the change.
CREATE TABLE IF NOT EXISTS huntertui.doc (
    tbl text NOT NULL,
    id bigint NOT NULL,
    seq bigint NOT NULL,
    n integer NOT NULL,
    data json,
    PRIMARY KEY (tbl, id, seq)
);

CREATE INDEX IF NOT EXISTS change_who ON huntertui.change (who, seq);
CREATE INDEX IF NOT EXISTS doc_seq ON huntertui.doc (seq);
CREATE INDEX IF NOT EXISTS doc_event ON huntertui.doc ((data->>'opportunity')) WHERE tbl = 'events';
CREATE INDEX IF NOT EXISTS doc_blocked ON huntertui.doc ((data->>'value')) WHERE tbl = 'do_not_contact';
CREATE INDEX IF NOT EXISTS doc_to ON huntertui.doc ((data->>'to')) WHERE tbl = 'messages';
CREATE INDEX IF NOT EXISTS doc_plan ON huntertui.doc ((data->>'member')) WHERE tbl = 'plans';
CREATE INDEX IF NOT EXISTS doc_queue ON huntertui.doc ((data->>'member')) WHERE tbl = 'queues';
CREATE INDEX IF NOT EXISTS doc_open ON huntertui.doc (id)
    WHERE tbl = 'opportunities' AND coalesce(data->>'stage', '') <> 'won'
        AND coalesce(data->>'stage', '') <> 'lost';
CREATE INDEX IF NOT EXISTS doc_back ON huntertui.doc (id)
    WHERE tbl = 'opportunities' AND data->>'revisit' IS NOT NULL;

INSERT INTO huntertui.store (one, id, schema, seq)
    VALUES (1, md5(CAST(random() AS text) || CAST(now() AS text)), 1, 0) ON CONFLICT DO NOTHING;

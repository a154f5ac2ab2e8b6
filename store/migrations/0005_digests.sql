-- Periods written up. A digest is what its desk events add up to, until it is
-- issued: then it never changes.

CREATE TABLE digests (
	period  TEXT PRIMARY KEY,           -- "2021-W42" or "2021-10-01/2021-10-15"
	start   INTEGER NOT NULL,           -- first instant
	stop    INTEGER NOT NULL,           -- first instant after it
	cut     INTEGER NOT NULL,           -- what was first seen later is for the next one
	draft   TEXT NOT NULL REFERENCES desk_log (id),
	told    TEXT NOT NULL,              -- JSON, what it says of signals
	number  INTEGER UNIQUE,             -- running, from 1; NULL while it is a draft
	hash    TEXT NOT NULL DEFAULT '',
	issued  INTEGER NOT NULL DEFAULT 0,
	issuer  TEXT NOT NULL DEFAULT '',
	titles  TEXT NOT NULL DEFAULT '{}'  -- JSON, by language
) STRICT, WITHOUT ROWID;

CREATE INDEX digests_by_stop ON digests (stop);

CREATE TABLE digest_files (
	n      INTEGER PRIMARY KEY,
	period TEXT NOT NULL REFERENCES digests (period),
	lang   TEXT NOT NULL,
	format TEXT NOT NULL,    -- draft, or of an issued one json, html or md
	hash   TEXT NOT NULL,    -- SHA-256 of the bytes
	size   INTEGER NOT NULL, -- of the bytes
	body   BLOB NOT NULL,    -- the bytes in gzip
	UNIQUE (period, lang, format)
) STRICT;

-- What the latest issued digest that speaks of a signal says of it, so that a
-- later one can correct it.
CREATE TABLE digest_told (
	signal TEXT PRIMARY KEY,
	period TEXT NOT NULL REFERENCES digests (period),
	told   TEXT NOT NULL     -- a stance, 'silent', or empty: that it is no longer held
) STRICT, WITHOUT ROWID;

CREATE INDEX statements_by_day ON statements (day, first_seen);
CREATE INDEX statements_by_sight ON statements (first_seen);
CREATE INDEX desk_log_of_digests ON desk_log (subject, seq) WHERE action IN ('draft-digest', 'edit-digest', 'issue-digest');

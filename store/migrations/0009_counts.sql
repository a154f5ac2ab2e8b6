-- What pages count each time that they are drawn, so that it costs as much in a
-- record of a million statements as in an empty one.

CREATE TABLE source_tallies (
	source TEXT PRIMARY KEY,
	n      INTEGER NOT NULL -- statements
) STRICT, WITHOUT ROWID;

INSERT INTO source_tallies SELECT source, count(*) FROM statements GROUP BY source;

-- Signals of what was said lately, as those who look on are told of them.
CREATE INDEX signals_live ON signals (at, id) WHERE NOT backfilled;

-- Signals of an actor, on whatever topic.
CREATE INDEX signals_by_actor ON signals (actor, day, id);

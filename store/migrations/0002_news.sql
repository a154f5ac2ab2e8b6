-- News and whom to tell of it: demands, answers, receivers, and what the desk did.

-- What an event's reports add up to.
ALTER TABLE events ADD COLUMN first_hand INTEGER NOT NULL DEFAULT 0; -- one of them is the actor's own words or channel
ALTER TABLE events ADD COLUMN posthumous INTEGER NOT NULL DEFAULT 0; -- published after the speaker's death
ALTER TABLE events ADD COLUMN confidence REAL NOT NULL DEFAULT 0;    -- of the surest report
ALTER TABLE events ADD COLUMN act TEXT NOT NULL DEFAULT '';          -- the deed that it tells of
ALTER TABLE events ADD COLUMN demands TEXT NOT NULL DEFAULT '[]';    -- JSON, kinds of demand in its condition
ALTER TABLE events ADD COLUMN challenged INTEGER NOT NULL DEFAULT 0; -- it was looked at whether its addressee kept silent

UPDATE events SET (first_hand, confidence) = (SELECT coalesce(max(p.first_hand), 0), coalesce(max(p.confidence), 0)
	FROM event_reports r JOIN positions p ON p.n = r.position WHERE r.event = events.id);

CREATE INDEX event_reports_by_arrival ON event_reports (event, position);
CREATE INDEX event_reports_by_outlet ON event_reports (event, echo, outlet);
CREATE INDEX events_conditional ON events (actor, topic) WHERE stance = 'conditional';

ALTER TABLE signals ADD COLUMN act TEXT NOT NULL DEFAULT '';
ALTER TABLE signals ADD COLUMN confidence REAL NOT NULL DEFAULT 0;
ALTER TABLE signals ADD COLUMN first_hand INTEGER NOT NULL DEFAULT 0;

UPDATE signals SET (confidence, first_hand) = (SELECT confidence, first_hand FROM events e WHERE e.id = signals.event);

CREATE INDEX statements_by_arrival ON statements (source, first_seen);
DROP INDEX statements_by_source;

-- Where an actor stands, by its own words and by what others report of it.
ALTER TABLE lines RENAME TO lines_before;
CREATE TABLE lines (
	actor     TEXT NOT NULL,
	topic     TEXT NOT NULL,
	target    TEXT NOT NULL,
	own       INTEGER NOT NULL, -- its own words
	event     TEXT NOT NULL REFERENCES events (id),
	since     TEXT NOT NULL,
	updated   INTEGER NOT NULL,
	PRIMARY KEY (actor, topic, target, own)
) STRICT, WITHOUT ROWID;
INSERT INTO lines SELECT l.actor, l.topic, l.target, e.first_hand, l.event, l.since, l.updated FROM lines_before l JOIN events e ON e.id = l.event;
DROP TABLE lines_before;

-- What is demanded of whom. Words and dates are those of the events named.
CREATE TABLE demands (
	id     TEXT PRIMARY KEY,
	actor  TEXT NOT NULL,
	topic  TEXT NOT NULL,
	target TEXT NOT NULL,
	of     TEXT NOT NULL,
	what   TEXT NOT NULL,
	words  TEXT NOT NULL,
	timing TEXT NOT NULL,
	first  TEXT NOT NULL REFERENCES events (id),
	last   TEXT NOT NULL REFERENCES events (id),
	status TEXT NOT NULL,
	why    TEXT NOT NULL,
	judged TEXT NOT NULL -- status that a person gave it, or empty
) STRICT;

CREATE INDEX demands_by_actor ON demands (actor, topic);
CREATE INDEX demands_by_of ON demands (of);

CREATE TABLE responses (
	event   TEXT NOT NULL REFERENCES events (id),
	answers TEXT NOT NULL REFERENCES events (id),
	how     TEXT NOT NULL,
	days    INTEGER NOT NULL,
	PRIMARY KEY (event, answers)
) STRICT, WITHOUT ROWID;

CREATE INDEX responses_by_answers ON responses (answers);

-- What people decided about events: what a statement says on the matter of an
-- event belongs to that event, or to one of its own, whatever the machine finds.
CREATE TABLE pins (
	statement TEXT NOT NULL,
	event     TEXT NOT NULL, -- that it left or joined
	goes      TEXT NOT NULL, -- the same if it joined; empty: an event of its own
	desk      TEXT NOT NULL, -- ID of the desk event
	was       TEXT NOT NULL, -- event where the machine had put it; empty where that is not known
	PRIMARY KEY (statement, event)
) STRICT, WITHOUT ROWID;

-- The desk.

ALTER TABLE desk_log ADD COLUMN details TEXT NOT NULL DEFAULT '';
ALTER TABLE desk_log ADD COLUMN undone  TEXT NOT NULL DEFAULT ''; -- ID of the event that undid it
ALTER TABLE desk_log ADD COLUMN idle    INTEGER NOT NULL DEFAULT 0; -- an undo that found nothing to undo

CREATE INDEX desk_log_by_subject ON desk_log (subject, seq);
CREATE INDEX desk_log_of_watches ON desk_log (seq) WHERE action IN ('begin-watch', 'end-watch');
CREATE INDEX desk_log_of_events ON desk_log (subject, seq) WHERE action IN ('split', 'merge');

-- Details of desk events of which the log keeps less: they hold addresses and
-- keys of receivers.
CREATE TABLE desk_secrets (
	desk    TEXT PRIMARY KEY REFERENCES desk_log (id),
	details TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE care (
	signal       TEXT PRIMARY KEY,
	owner        TEXT NOT NULL DEFAULT '',
	acknowledged TEXT NOT NULL DEFAULT '',
	at           INTEGER NOT NULL DEFAULT 0,
	snoozed      INTEGER NOT NULL DEFAULT 0,
	false        TEXT NOT NULL DEFAULT '',
	confirmed    TEXT NOT NULL DEFAULT '',
	note         TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

CREATE TABLE mutings (
	id    TEXT PRIMARY KEY,
	spec  TEXT NOT NULL, -- JSON
	until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Whom to tell, and what.

DROP TABLE alerts;
DROP TABLE receivers;

CREATE TABLE receivers (
	id       TEXT PRIMARY KEY,
	spec     TEXT NOT NULL,              -- JSON
	disabled TEXT NOT NULL DEFAULT '',   -- why nothing is sent to it any more, or empty
	failures INTEGER NOT NULL DEFAULT 0, -- in a row
	failure  TEXT NOT NULL DEFAULT '',   -- the last one
	since    INTEGER NOT NULL DEFAULT 0, -- of the first of them
	sent     INTEGER NOT NULL DEFAULT 0, -- when it was last told something
	retired  INTEGER NOT NULL DEFAULT 0  -- no longer configured
) STRICT, WITHOUT ROWID;

-- What each receiver is to be told. A row is due in the commit of what it tells.
CREATE TABLE notices (
	n        INTEGER PRIMARY KEY,
	receiver TEXT NOT NULL REFERENCES receivers (id),
	kind     TEXT NOT NULL,
	event    TEXT NOT NULL,
	signal   TEXT NOT NULL,
	subject  TEXT NOT NULL,
	note     TEXT NOT NULL,
	due      INTEGER NOT NULL,
	state    TEXT NOT NULL CHECK (state IN ('due', 'composed', 'silenced', 'sent', 'dead', 'void')),
	why      TEXT NOT NULL DEFAULT '', -- which silence, which failure
	message  TEXT NOT NULL DEFAULT '',
	repeats  INTEGER NOT NULL DEFAULT 0,
	UNIQUE (receiver, kind, event, signal, subject)
) STRICT;

CREATE INDEX notices_due ON notices (receiver, due) WHERE state = 'due';
CREATE INDEX notices_by_signal ON notices (signal);
CREATE INDEX notices_by_message ON notices (message);

CREATE TABLE messages (
	id       TEXT PRIMARY KEY,
	receiver TEXT NOT NULL REFERENCES receivers (id),
	payload  TEXT NOT NULL, -- JSON, as it is sent every time
	state    TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'dead')),
	composed INTEGER NOT NULL,
	again    INTEGER NOT NULL,           -- when to try
	leased   INTEGER NOT NULL DEFAULT 0, -- until when somebody is at it
	tries    INTEGER NOT NULL DEFAULT 0,
	failure  TEXT NOT NULL DEFAULT '',
	sent     INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX messages_pending ON messages (receiver, again) WHERE state = 'pending';
CREATE INDEX messages_sent ON messages (receiver, sent);

-- Who has been told what, by this node or another. It outlives everything that
-- can be worked out again, so that nobody is told twice.
CREATE TABLE told (
	receiver TEXT NOT NULL,
	kind     TEXT NOT NULL,
	event    TEXT NOT NULL,
	signal   TEXT NOT NULL,
	subject  TEXT NOT NULL,
	message  TEXT NOT NULL,
	at       INTEGER NOT NULL,
	shared   INTEGER NOT NULL, -- the other nodes know
	PRIMARY KEY (receiver, kind, event, signal, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX told_unshared ON told (at) WHERE NOT shared;
CREATE INDEX told_by_signal ON told (signal);
CREATE INDEX told_by_time ON told (receiver, at);

-- Words of these days go ahead of a back-fill.
ALTER TABLE spool ADD COLUMN fresh INTEGER NOT NULL DEFAULT 1;
DROP INDEX spool_unpublished;
CREATE INDEX spool_unpublished ON spool (fresh DESC, seq) WHERE published IS NULL;
CREATE INDEX spool_ahead ON spool (published) WHERE NOT fresh AND published IS NOT NULL;

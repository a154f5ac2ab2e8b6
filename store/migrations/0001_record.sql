-- The record. Times are nanoseconds since 1970 in UTC, 0 where unknown; days
-- are days since 1970-01-01. A date that somebody claims is kept as it was
-- claimed ("2020-03") beside its origin. "statement" names the first revision
-- of a statement, "revision" one content version of it.

-- Where statements come from.

CREATE TABLE sources (
	id      TEXT PRIMARY KEY,
	place   INTEGER NOT NULL,           -- order in the configuration
	retired INTEGER NOT NULL DEFAULT 0, -- no longer configured, but statements are held of it
	spec    TEXT NOT NULL               -- the source as JSON
) STRICT;

CREATE TABLE source_health (
	source     TEXT PRIMARY KEY,
	outcome    TEXT NOT NULL,
	reason     TEXT NOT NULL,
	checked    INTEGER NOT NULL,
	succeeded  INTEGER NOT NULL,
	next       INTEGER NOT NULL,
	last_new   INTEGER NOT NULL,
	failures   INTEGER NOT NULL,
	problems   TEXT NOT NULL -- JSON
) STRICT;

CREATE TABLE validators (
	source        TEXT NOT NULL,
	url           TEXT NOT NULL,
	etag          TEXT NOT NULL DEFAULT '',
	last_modified TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (source, url)
) STRICT, WITHOUT ROWID;

-- The raw bytes, once for each content, and the chain that says when and where
-- they were had.

CREATE TABLE captures (
	hash TEXT PRIMARY KEY,
	size INTEGER NOT NULL,
	body BLOB NOT NULL -- gzip
) STRICT;

CREATE TABLE custody (
	seq             INTEGER PRIMARY KEY,
	capture         TEXT NOT NULL REFERENCES captures (hash),
	source          TEXT NOT NULL,
	url             TEXT NOT NULL,
	at              INTEGER NOT NULL,
	status          INTEGER NOT NULL,
	media_type      TEXT NOT NULL,
	request_header  TEXT NOT NULL, -- JSON
	response_header TEXT NOT NULL, -- JSON
	prev            TEXT NOT NULL, -- hash of the row before, empty in the first
	hash            TEXT NOT NULL
) STRICT;

CREATE INDEX custody_by_capture ON custody (capture, source, url);

-- What a save knows: which statement a source's key belongs to, and every
-- content version. Nothing here waits for the classifier.

CREATE TABLE editions (
	id        TEXT PRIMARY KEY, -- revision
	statement TEXT NOT NULL,
	revision  INTEGER NOT NULL,
	content   TEXT NOT NULL,    -- content ID; differs from id where an edit went back to it
	seen      INTEGER NOT NULL, -- when the first revision arrived
	UNIQUE (statement, revision)
) STRICT;

CREATE TABLE items (
	source    TEXT NOT NULL,
	key       TEXT NOT NULL,
	statement TEXT NOT NULL,
	content   TEXT NOT NULL, -- what the key brought last
	PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;

-- Statements on their way through the streams. A row leaves when its record is
-- applied or settled.
CREATE TABLE spool (
	seq       INTEGER PRIMARY KEY AUTOINCREMENT,
	id        TEXT NOT NULL UNIQUE,
	payload   TEXT NOT NULL,
	saved     INTEGER NOT NULL,
	published INTEGER -- NULL until the stream has it
) STRICT;

CREATE INDEX spool_unpublished ON spool (seq) WHERE published IS NULL;

-- Who and where, copied from the registry for joins.

CREATE TABLE actors  (id TEXT PRIMARY KEY, kind TEXT NOT NULL, label TEXT NOT NULL, part_of TEXT NOT NULL) STRICT;
CREATE TABLE persons (id TEXT PRIMARY KEY, label TEXT NOT NULL) STRICT;
CREATE TABLE places  (id TEXT PRIMARY KEY, kind TEXT NOT NULL, label TEXT NOT NULL, inside TEXT NOT NULL) STRICT;

-- What was read.

CREATE TABLE inbox (
	revision TEXT NOT NULL,
	pack     TEXT NOT NULL,
	applied  INTEGER NOT NULL,
	PRIMARY KEY (revision, pack)
) STRICT, WITHOUT ROWID;

CREATE TABLE statements (
	id         TEXT PRIMARY KEY,    -- first revision
	latest     TEXT NOT NULL,       -- latest revision
	revision   INTEGER NOT NULL,    -- its number
	source     TEXT NOT NULL,
	key        TEXT NOT NULL,
	url        TEXT NOT NULL,
	outlet     TEXT NOT NULL,
	kind       TEXT NOT NULL,
	medium     TEXT NOT NULL,
	lang       TEXT NOT NULL,
	title      TEXT NOT NULL,
	said       TEXT NOT NULL,
	published  TEXT NOT NULL,
	day        INTEGER NOT NULL,    -- of the date by which its positions enter lines
	fetched    INTEGER NOT NULL,
	first_seen INTEGER NOT NULL,
	capture    TEXT NOT NULL,
	pack       TEXT NOT NULL,       -- of the current reading
	langs      TEXT NOT NULL,       -- JSON, of the current reading
	unclear    TEXT NOT NULL        -- JSON, of the current reading
) STRICT;

CREATE INDEX statements_by_source ON statements (source);

CREATE TABLE revisions (
	id        TEXT PRIMARY KEY,
	statement TEXT NOT NULL REFERENCES statements (id),
	revision  INTEGER NOT NULL,
	payload   TEXT NOT NULL -- the statement as JSON
) STRICT;

CREATE INDEX revisions_by_statement ON revisions (statement, revision);

CREATE TABLE mentions (
	statement TEXT NOT NULL REFERENCES statements (id),
	kind      TEXT NOT NULL CHECK (kind IN ('actor', 'place')),
	name      TEXT NOT NULL,
	PRIMARY KEY (statement, kind, name)
) STRICT, WITHOUT ROWID;

-- One utterance, however many outlets report it. An event that has lost its
-- last report to a better reading stays, with reports = 0, because its signals
-- stay; it counts for nothing.
CREATE TABLE events (
	n           INTEGER PRIMARY KEY,
	id          TEXT NOT NULL UNIQUE,
	actor       TEXT NOT NULL,
	topic       TEXT NOT NULL,
	target      TEXT NOT NULL,
	stance      TEXT NOT NULL,
	day         INTEGER NOT NULL,
	said        TEXT NOT NULL,
	said_origin TEXT NOT NULL,
	seen        INTEGER NOT NULL,
	created     INTEGER NOT NULL,
	lead        TEXT NOT NULL,    -- statement
	speaker     TEXT NOT NULL,
	condition   TEXT NOT NULL,
	authority   INTEGER NOT NULL, -- of the best report
	guarded     INTEGER NOT NULL, -- departs from a line that a leader set
	binding     INTEGER NOT NULL, -- bears on the actor's line
	reports     INTEGER NOT NULL,
	outlets     INTEGER NOT NULL
) STRICT;

CREATE INDEX events_by_side ON events (actor, topic, day, seen);

CREATE TABLE positions (
	n          INTEGER PRIMARY KEY,
	statement  TEXT NOT NULL REFERENCES statements (id),
	revision   TEXT NOT NULL REFERENCES revisions (id),
	pack       TEXT NOT NULL,
	current    INTEGER NOT NULL, -- of the latest revision and the pack applied last
	actor      TEXT NOT NULL,
	speaker    TEXT NOT NULL,
	topic      TEXT NOT NULL,
	target     TEXT NOT NULL,
	stance     TEXT NOT NULL CHECK (stance IN ('pro', 'anti', 'conditional', 'mixed')),
	condition  TEXT NOT NULL,
	act        TEXT NOT NULL,
	rule       TEXT NOT NULL,
	confidence REAL NOT NULL,
	first_hand INTEGER NOT NULL,
	tentative  TEXT NOT NULL,
	month      TEXT NOT NULL,    -- "2020-03", or "2020" where no more is known
	event      TEXT REFERENCES events (id) -- NULL in a reading that came too late to count
) STRICT;

CREATE INDEX positions_by_statement ON positions (statement);

CREATE TABLE evidence (
	position INTEGER PRIMARY KEY REFERENCES positions (n),
	field    TEXT NOT NULL,
	start    INTEGER NOT NULL,
	stop     INTEGER NOT NULL,
	quote    TEXT NOT NULL
) STRICT;

CREATE TABLE event_reports (
	event     TEXT NOT NULL REFERENCES events (id),
	statement TEXT NOT NULL REFERENCES statements (id),
	position  INTEGER NOT NULL REFERENCES positions (n),
	outlet    TEXT NOT NULL,
	said      TEXT NOT NULL,
	said_origin TEXT NOT NULL,
	seen      INTEGER NOT NULL,
	authority INTEGER NOT NULL,
	echo      INTEGER NOT NULL, -- repeats the text of an earlier report
	PRIMARY KEY (event, statement)
) STRICT, WITHOUT ROWID;

CREATE INDEX event_reports_by_statement ON event_reports (statement);

-- Where an actor stands now, for every target that it has spoken of.
CREATE TABLE lines (
	actor     TEXT NOT NULL,
	topic     TEXT NOT NULL,
	target    TEXT NOT NULL,
	event     TEXT NOT NULL REFERENCES events (id),
	since     TEXT NOT NULL,
	updated   INTEGER NOT NULL,
	PRIMARY KEY (actor, topic, target)
) STRICT, WITHOUT ROWID;

CREATE TABLE signals (
	id           TEXT PRIMARY KEY,
	reason       TEXT NOT NULL,
	actor        TEXT NOT NULL,
	speaker      TEXT NOT NULL,
	topic        TEXT NOT NULL,
	target       TEXT NOT NULL,
	from_stance  TEXT NOT NULL,
	to_stance    TEXT NOT NULL,
	condition    TEXT NOT NULL,
	event        TEXT NOT NULL REFERENCES events (id),
	statement    TEXT NOT NULL REFERENCES statements (id),
	previous     TEXT NOT NULL,
	quote        TEXT NOT NULL,
	before       TEXT NOT NULL,
	said         TEXT NOT NULL,
	said_origin  TEXT NOT NULL,
	day          INTEGER NOT NULL,
	said_prev    TEXT NOT NULL,
	prev_origin  TEXT NOT NULL,
	at           INTEGER NOT NULL,
	why          TEXT NOT NULL,
	backfilled   INTEGER NOT NULL,
	candidate    TEXT NOT NULL
) STRICT;

CREATE INDEX signals_by_at ON signals (at, id);
CREATE INDEX signals_by_day ON signals (day, id);
CREATE INDEX signals_by_event ON signals (event);
CREATE INDEX signals_by_statement ON signals (statement);

-- Whom to tell.

CREATE TABLE receivers (
	id     TEXT PRIMARY KEY,
	spec   TEXT NOT NULL, -- JSON
	paused INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE alerts (
	n        INTEGER PRIMARY KEY,
	receiver TEXT NOT NULL REFERENCES receivers (id),
	event    TEXT NOT NULL REFERENCES events (id),
	signal   TEXT NOT NULL REFERENCES signals (id),
	state    TEXT NOT NULL CHECK (state IN ('due', 'sent', 'failed')),
	due      INTEGER NOT NULL,
	sent     INTEGER,
	tries    INTEGER NOT NULL DEFAULT 0,
	failure  TEXT NOT NULL DEFAULT '',
	UNIQUE (receiver, event, signal)
) STRICT;

-- Running things.

CREATE TABLE dead_letters (
	id      TEXT PRIMARY KEY,
	stream  TEXT NOT NULL,
	subject TEXT NOT NULL,
	reason  TEXT NOT NULL,
	tries   INTEGER NOT NULL,
	at      INTEGER NOT NULL,
	payload BLOB NOT NULL
) STRICT;

-- Which incarnation of a stream the record has followed.
CREATE TABLE cursors (
	stream TEXT PRIMARY KEY,
	fence  TEXT NOT NULL,
	since  INTEGER NOT NULL
) STRICT;

-- Statements in the order in which they last changed: what the index follows.
CREATE TABLE index_queue (
	row       INTEGER PRIMARY KEY AUTOINCREMENT,
	statement TEXT NOT NULL UNIQUE REFERENCES statements (id)
) STRICT;

CREATE TABLE desk_log (
	seq     INTEGER PRIMARY KEY AUTOINCREMENT,
	id      TEXT NOT NULL UNIQUE,
	at      INTEGER NOT NULL,
	who     TEXT NOT NULL,
	action  TEXT NOT NULL,
	subject TEXT NOT NULL,
	note    TEXT NOT NULL
) STRICT;

-- Current positions counted, so that a figure over the whole corpus costs a
-- few hundred rows.
CREATE TABLE tallies (
	dimension TEXT NOT NULL CHECK (dimension IN ('actor', 'month')),
	value     TEXT NOT NULL,
	topic     TEXT NOT NULL,
	stance    TEXT NOT NULL,
	n         INTEGER NOT NULL,
	PRIMARY KEY (dimension, value, topic, stance)
) STRICT, WITHOUT ROWID;

-- Times are milliseconds since the Unix epoch. Of a cookie only its SHA-256 is ever here.

CREATE TABLE IF NOT EXISTS people (
    username TEXT PRIMARY KEY,
    name     TEXT NOT NULL,
    password TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS sessions (
    id         TEXT PRIMARY KEY,
    username   TEXT NOT NULL REFERENCES people (username) ON DELETE CASCADE,
    user_agent TEXT NOT NULL,
    current    BLOB NOT NULL UNIQUE,
    previous   BLOB,
    replaced   INTEGER,
    nonce      BLOB,
    rotation   INTEGER NOT NULL DEFAULT 0,
    started    INTEGER NOT NULL,
    last_used  INTEGER NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS sessions_of ON sessions (username, started);

-- Every cookie a session ever had: one that is used again must find the session, to end it.
CREATE TABLE IF NOT EXISTS cookies (
    mark    BLOB PRIMARY KEY,
    session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS cookies_of ON cookies (session);

CREATE TABLE IF NOT EXISTS revoked_tokens (
    jti   TEXT PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS notes (
    id       INTEGER PRIMARY KEY,
    username TEXT NOT NULL REFERENCES people (username) ON DELETE CASCADE,
    text     TEXT NOT NULL,
    written  INTEGER NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS notes_of ON notes (username, id);

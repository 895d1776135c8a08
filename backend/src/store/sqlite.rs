use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Mark, Nonce, Note, Person, Record, Result, Store, StoreError};
use crate::rules::{Previous, Session};

/// The embedded store: one connection, used by one thread at a time.
pub struct Sqlite(Mutex<Connection>);

impl Sqlite {
    /// A store that is gone when the process is.
    pub fn in_memory() -> Result<Self> {
        Self::prepare(Connection::open_in_memory()?)
    }

    /// A store in a file, made if it is not there.
    pub fn open(file: &Path) -> Result<Self> {
        let connection = Connection::open(file)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        Self::prepare(connection)
    }

    fn prepare(connection: Connection) -> Result<Self> {
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.execute_batch(include_str!("schema.sql"))?;
        bring_up_to_date(&connection)?;
        Ok(Self(Mutex::new(connection)))
    }

    /// A panic in another thread rolled its transaction back, so the connection is as good as before.
    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for Sqlite {
    fn add_person(&self, person: &Person) -> Result<()> {
        self.connection().execute(
            "INSERT INTO people (username, name, password) VALUES (?1, ?2, ?3)
             ON CONFLICT (username) DO UPDATE SET name = excluded.name, password = excluded.password",
            params![person.username, person.name, person.password],
        )?;
        Ok(())
    }

    fn person(&self, username: &str) -> Result<Option<Person>> {
        Ok(self
            .connection()
            .prepare_cached("SELECT username, name, password FROM people WHERE username = ?1")?
            .query_row([username], |row| {
                Ok(Person {
                    username: row.get(0)?,
                    name: row.get(1)?,
                    password: row.get(2)?,
                })
            })
            .optional()?)
    }

    fn start(&self, record: &Record) -> Result<()> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        let session = &record.session;
        transaction.execute(
            "INSERT INTO sessions (id, username, user_agent, current, started, last_used)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                record.id,
                record.username,
                record.user_agent,
                session.current().0,
                millis(session.started()),
                millis(session.last_used()),
            ],
        )?;
        transaction.execute(
            "INSERT INTO cookies (mark, session) VALUES (?1, ?2)",
            params![session.current().0, record.id],
        )?;
        Ok(transaction.commit()?)
    }

    fn by_cookie(&self, mark: &Mark) -> Result<Option<Record>> {
        Ok(self
            .connection()
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM sessions WHERE id = (SELECT session FROM cookies WHERE mark = ?1)"
            ))?
            .query_row([mark.0], record)
            .optional()?)
    }

    fn by_id(&self, id: &str) -> Result<Option<Record>> {
        Ok(self
            .connection()
            .prepare_cached(&format!("SELECT {COLUMNS} FROM sessions WHERE id = ?1"))?
            .query_row([id], record)
            .optional()?)
    }

    fn of(&self, username: &str) -> Result<Vec<Record>> {
        Ok(self
            .connection()
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM sessions WHERE username = ?1 ORDER BY started, rowid"
            ))?
            .query_map([username], record)?
            .collect::<rusqlite::Result<_>>()?)
    }

    fn rotate(&self, from: &Mark, rotated: &Record) -> Result<bool> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        let current = rotated.session.current();
        let changed = transaction.execute(
            "UPDATE sessions SET previous = current, current = ?1, replaced = ?2, nonce = ?3, rotation = ?4
             WHERE id = ?5 AND current = ?6",
            params![
                current.0,
                rotated
                    .session
                    .previous()
                    .map(|previous| millis(previous.replaced)),
                rotated.nonce.map(|nonce| nonce.0),
                rotated.session.rotation(),
                rotated.id,
                from.0,
            ],
        )?;
        if changed == 0 {
            return Ok(false);
        }
        transaction.execute(
            "INSERT INTO cookies (mark, session) VALUES (?1, ?2)",
            params![current.0, rotated.id],
        )?;
        transaction.commit()?;
        Ok(true)
    }

    fn received(&self, id: &str, rotation: u32) -> Result<()> {
        self.connection()
            .prepare_cached(
                "UPDATE sessions SET previous = NULL, replaced = NULL WHERE id = ?1 AND rotation = ?2",
            )?
            .execute(params![id, rotation])?;
        Ok(())
    }

    fn used(&self, id: &str, last_used: Duration) -> Result<()> {
        self.connection()
            .prepare_cached("UPDATE sessions SET last_used = max(last_used, ?2) WHERE id = ?1")?
            .execute(params![id, millis(last_used)])?;
        Ok(())
    }

    fn end(&self, id: &str) -> Result<bool> {
        Ok(self
            .connection()
            .execute("DELETE FROM sessions WHERE id = ?1", [id])?
            == 1)
    }

    fn prune(&self, started: Duration, now: Duration) -> Result<()> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        transaction.execute("DELETE FROM sessions WHERE started < ?1", [millis(started)])?;
        transaction.execute(
            "DELETE FROM revoked_tokens WHERE until <= ?1",
            [millis(now)],
        )?;
        Ok(transaction.commit()?)
    }

    fn revoke_token(&self, jti: &str, until: Duration) -> Result<()> {
        self.connection().execute(
            "INSERT INTO revoked_tokens (jti, until) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            params![jti, millis(until)],
        )?;
        Ok(())
    }

    fn is_revoked(&self, jti: &str) -> Result<bool> {
        Ok(self
            .connection()
            .prepare_cached("SELECT 1 FROM revoked_tokens WHERE jti = ?1")?
            .exists([jti])?)
    }

    fn add_note(&self, username: &str, text: &str, now: Duration) -> Result<Note> {
        let connection = self.connection();
        connection.execute(
            "INSERT INTO notes (username, text, written) VALUES (?1, ?2, ?3)",
            params![username, text, millis(now)],
        )?;
        Ok(Note {
            id: connection.last_insert_rowid(),
            text: text.to_owned(),
            written: now,
        })
    }

    fn notes(&self, username: &str) -> Result<Vec<Note>> {
        Ok(self
            .connection()
            .prepare_cached("SELECT id, text, written FROM notes WHERE username = ?1 ORDER BY id DESC LIMIT 100")?
            .query_map([username], |row| {
                Ok(Note { id: row.get(0)?, text: row.get(1)?, written: Duration::from_millis(row.get(2)?) })
            })?
            .collect::<rusqlite::Result<_>>()?)
    }

    fn check(&self) -> Result<()> {
        Ok(self
            .connection()
            .query_row("SELECT count(*) FROM people", [], |_| Ok(()))?)
    }
}

const COLUMNS: &str =
    "id, username, user_agent, current, previous, replaced, nonce, rotation, started, last_used";

/// Adds what the file of an earlier version lacks.
fn bring_up_to_date(connection: &Connection) -> Result<()> {
    let counts_rotations = connection
        .prepare("SELECT 1 FROM pragma_table_info('sessions') WHERE name = 'rotation'")?
        .exists([])?;
    if !counts_rotations {
        connection
            .execute_batch("ALTER TABLE sessions ADD COLUMN rotation INTEGER NOT NULL DEFAULT 0")?;
    }
    Ok(())
}

fn record(row: &Row<'_>) -> rusqlite::Result<Record> {
    let previous = match (
        row.get::<_, Option<_>>("previous")?,
        row.get::<_, Option<_>>("replaced")?,
    ) {
        (Some(mark), Some(replaced)) => Some(Previous {
            cookie: Mark(mark),
            replaced: Duration::from_millis(replaced),
        }),
        _ => None,
    };
    Ok(Record {
        id: row.get("id")?,
        username: row.get("username")?,
        user_agent: row.get("user_agent")?,
        session: Session::restore(
            Mark(row.get("current")?),
            previous,
            row.get("rotation")?,
            Duration::from_millis(row.get("started")?),
            Duration::from_millis(row.get("last_used")?),
        ),
        nonce: row.get::<_, Option<_>>("nonce")?.map(Nonce),
    })
}

/// SQLite counts to 2^63, which in milliseconds is past the year 292 million.
fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self(Box::new(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Limits, Refresh};

    const NOW: Duration = Duration::from_secs(1_000);
    const LIMITS: Limits = Limits {
        idle: Duration::from_secs(60),
        absolute: Duration::from_secs(600),
        reuse_grace: Duration::ZERO,
    };

    fn store_with_a_session() -> (Sqlite, Record) {
        let store = Sqlite::in_memory().unwrap();
        let [username, name, password] = ["alice", "Alice", "a hash"].map(str::to_owned);
        store
            .add_person(&Person {
                username,
                name,
                password,
            })
            .unwrap();
        let record = Record {
            id: "s1".into(),
            username: "alice".into(),
            user_agent: "a browser".into(),
            session: Session::start(Mark([1; 32]), NOW),
            nonce: None,
        };
        store.start(&record).unwrap();
        (store, record)
    }

    fn rotated(record: &Record, fresh: u8) -> Record {
        let session = record.session.clone();
        let current = *session.current();
        match session.refresh(&current, Mark([fresh; 32]), NOW, &LIMITS) {
            Refresh::Rotated(session) => Record {
                session,
                nonce: Some(Nonce([fresh; 32])),
                ..record.clone()
            },
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_session_comes_back_as_it_was_put_in() {
        let (store, record) = store_with_a_session();
        assert_eq!(store.by_id("s1").unwrap(), Some(record.clone()));
        let rotated = rotated(&record, 2);
        assert!(store.rotate(&Mark([1; 32]), &rotated).unwrap());
        assert_eq!(
            store.by_cookie(&Mark([2; 32])).unwrap().as_ref(),
            Some(&rotated)
        );
        assert_eq!(store.of("alice").unwrap(), [rotated]);
    }

    #[test]
    fn of_two_that_rotate_one_cookie_the_second_changes_nothing() {
        let (store, record) = store_with_a_session();
        let (first, second) = (rotated(&record, 2), rotated(&record, 3));
        assert!(store.rotate(&Mark([1; 32]), &first).unwrap());
        assert!(!store.rotate(&Mark([1; 32]), &second).unwrap());
        assert_eq!(store.by_id("s1").unwrap(), Some(first));
        assert_eq!(store.by_cookie(&Mark([3; 32])).unwrap(), None);
    }

    #[test]
    fn what_the_holder_has_received_is_forgotten_unless_it_was_rotated_since() {
        let (store, record) = store_with_a_session();
        let once = rotated(&record, 2);
        assert!(store.rotate(&Mark([1; 32]), &once).unwrap());
        store.received("s1", 0).unwrap();
        assert_eq!(store.by_id("s1").unwrap().as_ref(), Some(&once));
        store.received("s1", 1).unwrap();
        let received = Record {
            session: once.session.received(1),
            ..once
        };
        assert_eq!(store.by_id("s1").unwrap(), Some(received));
    }

    #[test]
    fn a_file_from_before_rotations_were_counted_is_taken() {
        let (store, record) = store_with_a_session();
        let connection = store.0.into_inner().unwrap();
        connection
            .execute_batch("ALTER TABLE sessions DROP COLUMN rotation")
            .unwrap();
        let store = Sqlite::prepare(connection).unwrap();
        assert_eq!(store.by_id("s1").unwrap(), Some(record));
    }

    #[test]
    fn every_cookie_finds_the_session_until_it_ends() {
        let (store, record) = store_with_a_session();
        assert!(store.rotate(&Mark([1; 32]), &rotated(&record, 2)).unwrap());
        for mark in [Mark([1; 32]), Mark([2; 32])] {
            assert_eq!(store.by_cookie(&mark).unwrap().unwrap().id, "s1");
        }
        assert!(store.end("s1").unwrap());
        assert!(!store.end("s1").unwrap());
        for mark in [Mark([1; 32]), Mark([2; 32])] {
            assert_eq!(store.by_cookie(&mark).unwrap(), None);
        }
        assert!(!store.rotate(&Mark([2; 32]), &record).unwrap());
    }
}

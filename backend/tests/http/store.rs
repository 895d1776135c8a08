use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rusqlite::Connection;
use tokenhold_backend::store::Sqlite;

use crate::world::{PASSWORD, World};

/// A file that is not there yet, among the build's own.
pub fn scratch_file(name: &str) -> PathBuf {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    for suffix in ["", "-wal", "-shm"] {
        let old = file.with_file_name(format!("{name}{suffix}"));
        assert!(!old.exists() || std::fs::remove_file(old).is_ok());
    }
    file
}

fn world_over(file: &Path) -> World {
    World::over(Arc::new(Sqlite::open(file).unwrap()), |_| {})
}

#[tokio::test]
async fn sessions_outlive_the_process_when_there_is_a_file() {
    let file = scratch_file("restart.db");
    let (first, repeated) = {
        let world = world_over(&file);
        let first = world.sign_in("alice").await.cookie;
        let repeated = world.refresh(&first).await.cookie();
        (first, repeated)
    };
    let world = world_over(&file);
    let again = world.refresh(&first).await;
    assert_eq!(again.cookie(), repeated, "even the grace does");
    assert!(world.serves(&again.token()).await);
}

#[tokio::test]
async fn the_file_holds_neither_cookies_nor_passwords() {
    let file = scratch_file("secrets.db");
    let world = world_over(&file);
    let first = world.sign_in("alice").await;
    let granted = world.refresh(&first.cookie).await;
    drop(world);

    let kept = std::fs::read(&file).unwrap();
    let contains = |needle: &[u8]| kept.windows(needle.len()).any(|window| window == needle);
    assert!(
        contains(b"$argon2id$") && contains(b"test browser"),
        "the file was written"
    );
    assert!(!contains(PASSWORD.as_bytes()));
    for cookie in [first.cookie, granted.cookie().unwrap()] {
        let (_, value) = cookie.split_once('=').unwrap();
        assert!(!contains(value.as_bytes()));
        assert!(!contains(&URL_SAFE_NO_PAD.decode(value).unwrap()));
    }
    for token in [first.token, granted.token()] {
        assert!(!contains(token.as_bytes()));
    }
}

/// A failing store is a passing fault: 503, never the 401 that would sign people out, and no cookie is used up by it.
#[tokio::test]
async fn while_the_store_fails_nobody_is_signed_out() {
    let file = scratch_file("failing.db");
    let world = World::over(Arc::new(Sqlite::open(&file).unwrap()), |settings| {
        settings.limits.reuse_grace = Duration::ZERO;
    });
    let signed_in = world.sign_in("alice").await;
    let fault = Connection::open(&file).unwrap();

    fault
        .execute_batch("ALTER TABLE cookies RENAME TO lost")
        .unwrap();
    for answer in [
        world.refresh(&signed_in.cookie).await,
        world.logout(&signed_in.cookie).await,
        world.login("alice", PASSWORD).await,
    ] {
        assert_unavailable(&answer);
    }
    fault
        .execute_batch("ALTER TABLE lost RENAME TO cookies; ALTER TABLE sessions RENAME TO lost")
        .unwrap();
    assert_unavailable(&world.call(Method::GET, "/api/me", &signed_in.token).await);
    fault
        .execute_batch("ALTER TABLE lost RENAME TO sessions; ALTER TABLE people RENAME TO lost")
        .unwrap();
    assert_unavailable(&world.call(Method::GET, "/healthz", "").await);
    fault
        .execute_batch("ALTER TABLE lost RENAME TO people")
        .unwrap();

    assert!(world.serves(&signed_in.token).await);
    assert_eq!(
        world.refresh(&signed_in.cookie).await.status,
        StatusCode::OK
    );
    assert_eq!(
        world.call(Method::GET, "/healthz", "").await.json()["status"],
        "ok"
    );
}

fn assert_unavailable(answer: &crate::world::Answer) {
    assert_eq!(
        (answer.status, answer.error().as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, "unavailable")
    );
    assert_eq!(answer.header("retry-after"), Some("2"));
    assert_eq!(answer.header("set-cookie"), None);
}

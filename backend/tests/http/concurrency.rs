use std::collections::HashSet;
use std::slice::from_ref;
use std::sync::Arc;

use axum::http::StatusCode;
use tokenhold_backend::store::Sqlite;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::store::scratch_file;
use crate::world::{Answer, World};

const TASKS: usize = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_refreshes_on_one_cookie_share_one_successor() {
    let world = World::new();
    for _ in 0..5 {
        let old = world.sign_in("alice").await.cookie;
        let answers = refresh_at_once(from_ref(&world), &old).await;
        let successors: HashSet<_> = answers
            .iter()
            .map(|answer| answer.cookie().unwrap())
            .collect();
        assert!(answers.iter().all(|answer| answer.status == StatusCode::OK));
        assert_eq!(successors.len(), 1);
        assert!(!successors.contains(&old));
        let successor = successors.into_iter().next().unwrap();
        assert_eq!(world.refresh(&successor).await.status, StatusCode::OK);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn under_strict_rotation_one_of_many_wins_and_the_session_ends() {
    let world = World::strict();
    for _ in 0..5 {
        let old = world.sign_in("alice").await.cookie;
        assert_one_won(&world, refresh_at_once(from_ref(&world), &old).await).await;
    }
}

/// Two processes over one file have no lock in common but the database's own.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_backends_over_one_database_agree_on_the_winner() {
    let file = scratch_file("two-backends.db");
    let strict = || {
        World::over(Arc::new(Sqlite::open(&file).unwrap()), |settings| {
            settings.limits.reuse_grace = std::time::Duration::ZERO;
        })
    };
    let worlds = [strict(), strict()];
    for _ in 0..5 {
        let old = worlds[0].sign_in("alice").await.cookie;
        assert_one_won(&worlds[1], refresh_at_once(&worlds, &old).await).await;
    }
}

async fn assert_one_won(world: &World, answers: Vec<Answer>) {
    let (won, lost): (Vec<_>, Vec<_>) = answers
        .into_iter()
        .partition(|answer| answer.status == StatusCode::OK);
    assert_eq!((won.len(), lost.len()), (1, TASKS - 1));
    lost.iter().for_each(Answer::assert_session_ended);
    world
        .refresh(&won[0].cookie().unwrap())
        .await
        .assert_session_ended();
}

/// Every task is started before any may send.
async fn refresh_at_once(worlds: &[World], cookie: &str) -> Vec<Answer> {
    let gate = Arc::new(Barrier::new(TASKS));
    let mut tasks = JoinSet::new();
    for world in worlds.iter().cycle().take(TASKS) {
        let (world, gate, cookie) = (world.clone(), gate.clone(), cookie.to_owned());
        tasks.spawn(async move {
            gate.wait().await;
            world.refresh(&cookie).await
        });
    }
    tasks.join_all().await
}

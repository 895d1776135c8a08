use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::world::{PASSWORD, SECOND, World};

const ALLOWED: usize = 10;

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_look_the_same() {
    let world = World::new();
    let wrong = world.login("alice", "wrong").await;
    let unknown = world.login("mallory", PASSWORD).await;
    for answer in [&wrong, &unknown] {
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.error(), "invalid_credentials");
        assert_eq!(answer.header("set-cookie"), None);
    }
    assert_eq!(wrong.body, unknown.body);
}

#[tokio::test]
async fn guessing_is_slowed_down_for_that_name_alone() {
    let world = World::new();
    for _ in 0..ALLOWED {
        assert_eq!(
            world.login("alice", "wrong").await.status,
            StatusCode::UNAUTHORIZED
        );
        world.wait(SECOND);
    }
    let held_back = world.login("alice", PASSWORD).await;
    assert_eq!(held_back.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(held_back.error(), "too_many_attempts");
    assert_eq!(held_back.header("retry-after"), Some("50"));
    assert_eq!(held_back.header("set-cookie"), None);
    assert_eq!(world.login("bob", PASSWORD).await.status, StatusCode::OK);
    world.wait(50 * SECOND);
    assert_eq!(world.login("alice", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn guesses_side_by_side_do_not_slip_through() {
    let world = World::new();
    let guesses = (0..3 * ALLOWED).map(|_| {
        let world = world.clone();
        tokio::spawn(async move { world.login("alice", "wrong").await.status })
    });
    let mut checked = 0;
    for guess in guesses.collect::<Vec<_>>() {
        checked += usize::from(guess.await.unwrap() == StatusCode::UNAUTHORIZED);
    }
    assert_eq!(checked, ALLOWED);
}

#[tokio::test]
async fn signing_in_rightly_is_never_held_back() {
    let world = World::new();
    for _ in 0..3 * ALLOWED {
        assert_eq!(world.login("alice", PASSWORD).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_held_back_name_keeps_its_sessions() {
    let world = World::new();
    let signed_in = world.sign_in("alice").await;
    for _ in 0..=ALLOWED {
        world.login("alice", "wrong").await;
    }
    assert!(world.serves(&signed_in.token).await);
    assert_eq!(
        world.refresh(&signed_in.cookie).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_body_that_is_no_login_is_a_bad_request() {
    let world = World::new();
    for (body, status) in [
        (String::new(), StatusCode::BAD_REQUEST),
        ("null".into(), StatusCode::BAD_REQUEST),
        (r#"{"username":"alice"}"#.into(), StatusCode::BAD_REQUEST),
        (
            r#"{"username":1,"password":[]}"#.into(),
            StatusCode::BAD_REQUEST,
        ),
        (
            format!(r#"{{"username":"{}","password":"x"}}"#, "a".repeat(5_000)),
            StatusCode::PAYLOAD_TOO_LARGE,
        ),
    ] {
        let request = Request::post("/auth/login").header("content-type", "application/json");
        let answer = world
            .send(request.body(Body::from(body.clone())).unwrap())
            .await;
        assert_eq!(answer.status, status, "{body:.40}");
    }
}

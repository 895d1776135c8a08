use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

use crate::world::World;

#[tokio::test]
async fn the_api_says_who_the_token_is_for() {
    let world = World::new();
    let alice = world.sign_in("alice").await;
    let me = world
        .call(Method::GET, "/api/me", &alice.token)
        .await
        .json();
    assert_eq!(
        (me["sub"].as_str(), me["name"].as_str()),
        (Some("alice"), Some("Alice"))
    );
    let bob = world.sign_in("bob").await;
    assert_eq!(
        world.call(Method::GET, "/api/me", &bob.token).await.json()["sub"],
        "bob"
    );
}

#[tokio::test]
async fn a_refused_token_is_told_to_be_invalid() {
    let world = World::new();
    let foreign = World::new().sign_in("alice").await.token;
    for (token, why) in [
        ("opaque", "not a JWT"),
        (foreign.as_str(), "another key"),
        ("", "empty"),
    ] {
        let answer = world.call(Method::GET, "/api/me", token).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{why}");
        assert_eq!(
            answer.header("www-authenticate"),
            Some(r#"Bearer error="invalid_token""#),
            "{why}"
        );
    }
}

#[tokio::test]
async fn no_token_is_a_challenge_without_an_error() {
    let world = World::new();
    let cookie = world.sign_in("alice").await.cookie;
    let request = Request::get("/api/me").header("cookie", cookie);
    let answer = world.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(
        answer.status,
        StatusCode::UNAUTHORIZED,
        "the cookie alone opens no API"
    );
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
}

#[tokio::test]
async fn a_revoked_token_is_refused_and_its_session_lives_on() {
    let world = World::new();
    let signed_in = world.sign_in("alice").await;
    let other = world.refresh(&signed_in.cookie).await;
    let revoked = world
        .call(Method::POST, "/api/token/revoke", &signed_in.token)
        .await;
    assert_eq!(revoked.status, StatusCode::NO_CONTENT);
    assert!(!world.serves(&signed_in.token).await);
    assert!(world.serves(&other.token()).await);
    assert_eq!(
        world.refresh(&other.cookie().unwrap()).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_revocation_outlasts_the_clean_up_of_old_ones() {
    let world = World::new();
    let token = world.sign_in("alice").await.token;
    world.call(Method::POST, "/api/token/revoke", &token).await;
    world.sign_in("bob").await;
    assert!(!world.serves(&token).await);
}

#[tokio::test]
async fn notes_are_written_and_read_by_their_owner() {
    let world = World::new();
    let (alice, bob) = (world.sign_in("alice").await, world.sign_in("bob").await);
    let write = async |token: &str, body: &'static str| {
        let request =
            Request::post("/api/notes").header("authorization", format!("bearer {token}"));
        world.send(request.body(Body::from(body)).unwrap()).await
    };
    let written = write(&alice.token, r#"{"text":"Grüße"}"#).await;
    assert_eq!(
        (written.status, written.json()["text"].as_str()),
        (StatusCode::CREATED, Some("Grüße"))
    );
    assert_eq!(
        write(&alice.token, r#"{"text":"two"}"#).await.status,
        StatusCode::CREATED
    );
    assert_eq!(
        write(&alice.token, "not json").await.status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        write("bad", r#"{"text":"three"}"#).await.status,
        StatusCode::UNAUTHORIZED
    );

    let notes = world
        .call(Method::GET, "/api/notes", &alice.token)
        .await
        .json();
    let texts: Vec<_> = notes
        .as_array()
        .unwrap()
        .iter()
        .map(|note| note["text"].as_str().unwrap())
        .collect();
    assert_eq!(texts, ["two", "Grüße"]);
    assert_eq!(
        world
            .call(Method::GET, "/api/notes", &bob.token)
            .await
            .json()
            .as_array()
            .unwrap()
            .len(),
        0
    );
}

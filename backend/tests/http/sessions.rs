use axum::http::{Method, StatusCode};
use serde_json::Value;

use crate::world::{MINUTE, World};

async fn list(world: &World, token: &str) -> Vec<Value> {
    world
        .call(Method::GET, "/api/sessions", token)
        .await
        .json()
        .as_array()
        .unwrap()
        .clone()
}

#[tokio::test]
async fn one_sees_ones_own_sessions_the_oldest_first() {
    let world = World::new();
    world.sign_in("alice").await;
    world.sign_in("bob").await;
    world.wait(MINUTE);
    let second = world.sign_in("alice").await;
    world.wait(MINUTE);

    let sessions = list(&world, &second.token).await;
    assert_eq!(sessions.len(), 2);
    assert_eq!(
        (
            sessions[0]["current"].as_bool(),
            sessions[1]["current"].as_bool()
        ),
        (Some(false), Some(true))
    );
    assert_eq!(sessions[0]["created"], "2023-11-14T22:13:20.000Z");
    assert_eq!(sessions[0]["last_seen"], "2023-11-14T22:13:20.000Z");
    assert_eq!(sessions[1]["created"], "2023-11-14T22:14:20.000Z");
    assert_eq!(sessions[1]["last_seen"], "2023-11-14T22:15:20.000Z");
    assert_eq!(sessions[1]["user_agent"], "test browser");
}

#[tokio::test]
async fn a_session_keeps_its_name_through_refreshes() {
    let world = World::new();
    let signed_in = world.sign_in("alice").await;
    let before = list(&world, &signed_in.token).await[0]["id"].clone();
    let granted = world.refresh(&signed_in.cookie).await;
    assert_eq!(list(&world, &granted.token()).await[0]["id"], before);
}

#[tokio::test]
async fn revoking_a_session_kills_its_cookie_and_its_token() {
    let world = World::new();
    let (lost, here) = (world.sign_in("alice").await, world.sign_in("alice").await);
    let id = list(&world, &here.token).await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/api/sessions/{id}");
    assert_eq!(
        world.call(Method::DELETE, &path, &here.token).await.status,
        StatusCode::NO_CONTENT
    );
    assert!(!world.serves(&lost.token).await);
    world.refresh(&lost.cookie).await.assert_session_ended();
    assert!(world.serves(&here.token).await);
    assert_eq!(
        world.call(Method::DELETE, &path, &here.token).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn somebody_elses_session_is_not_to_be_found() {
    let world = World::new();
    let (alice, bob) = (world.sign_in("alice").await, world.sign_in("bob").await);
    let id = list(&world, &alice.token).await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let answer = world
        .call(Method::DELETE, &format!("/api/sessions/{id}"), &bob.token)
        .await;
    assert_eq!(
        (answer.status, answer.error().as_str()),
        (StatusCode::NOT_FOUND, "not_found")
    );
    assert!(world.serves(&alice.token).await);
}

#[tokio::test]
async fn the_name_of_a_session_is_no_cookie() {
    let world = World::new();
    let alice = world.sign_in("alice").await;
    let id = list(&world, &alice.token).await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    world
        .refresh(&format!("__Host-Http-session={id}"))
        .await
        .assert_session_ended();
}

use axum::http::StatusCode;

use crate::world::{MINUTE, SECOND, World};

#[tokio::test]
async fn each_refresh_gives_a_new_cookie_and_a_new_token() {
    let world = World::strict();
    let signed_in = world.sign_in("alice").await;
    let first = world.refresh(&signed_in.cookie).await;
    let second = world.refresh(&first.cookie().unwrap()).await;
    let cookies = [
        signed_in.cookie,
        first.cookie().unwrap(),
        second.cookie().unwrap(),
    ];
    let tokens = [signed_in.token, first.token(), second.token()];
    for (one, other) in [(0, 1), (1, 2), (0, 2)] {
        assert_ne!(cookies[one], cookies[other]);
        assert_ne!(tokens[one], tokens[other]);
    }
    for token in &tokens {
        assert!(
            world.serves(token).await,
            "a token lasts its lifetime, replaced or not"
        );
    }
}

#[tokio::test]
async fn a_grant_has_the_shape_of_rfc_6749() {
    let world = World::new();
    let signed_in = world.sign_in("alice").await;
    let grant = world.refresh(&signed_in.cookie).await.json();
    assert_eq!(grant["token_type"], "Bearer");
    assert_eq!(grant["expires_in"], 300);
    assert_eq!(grant.as_object().unwrap().len(), 3);
}

#[tokio::test]
async fn within_the_grace_the_cookie_before_gets_the_same_successor() {
    let world = World::new();
    let old = world.sign_in("alice").await.cookie;
    let successor = world.refresh(&old).await.cookie();
    let mut token = String::new();
    for _ in 0..3 {
        world.wait(SECOND);
        let again = world.refresh(&old).await;
        assert_eq!(
            (again.status, again.cookie()),
            (StatusCode::OK, successor.clone())
        );
        token = again.token();
    }
    assert!(world.serves(&token).await);
    assert_eq!(
        world.refresh(&successor.unwrap()).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn the_first_use_of_a_token_that_came_with_the_successor_ends_the_grace() {
    for repeats in 0..2 {
        let world = World::new();
        let old = world.sign_in("alice").await.cookie;
        let mut granted = world.refresh(&old).await;
        for _ in 0..repeats {
            granted = world.refresh(&old).await;
        }
        assert!(world.serves(&granted.token()).await);
        world.refresh(&old).await.assert_session_ended();
        let successor = granted.cookie().unwrap();
        world.refresh(&successor).await.assert_session_ended();
    }
}

#[tokio::test]
async fn a_token_from_before_the_rotation_does_not_end_the_grace() {
    let world = World::new();
    let signed_in = world.sign_in("alice").await;
    let successor = world.refresh(&signed_in.cookie).await.cookie();
    assert!(world.serves(&signed_in.token).await);
    let again = world.refresh(&signed_in.cookie).await;
    assert_eq!(
        (again.status, again.cookie()),
        (StatusCode::OK, successor.clone())
    );
}

#[tokio::test]
async fn after_the_grace_the_cookie_before_ends_the_session() {
    let world = World::new();
    let old = world.sign_in("alice").await.cookie;
    let granted = world.refresh(&old).await;
    world.wait(5 * SECOND);
    world.refresh(&old).await.assert_session_ended();
    world
        .refresh(&granted.cookie().unwrap())
        .await
        .assert_session_ended();
    assert!(!world.serves(&granted.token()).await);
}

#[tokio::test]
async fn a_cookie_older_than_the_one_before_ends_the_session_even_within_the_grace() {
    let world = World::new();
    let oldest = world.sign_in("alice").await.cookie;
    let older = world.refresh(&oldest).await.cookie().unwrap();
    let current = world.refresh(&older).await.cookie().unwrap();
    world.refresh(&oldest).await.assert_session_ended();
    world.refresh(&current).await.assert_session_ended();
}

#[tokio::test]
async fn under_strict_rotation_the_second_use_ends_the_session() {
    let world = World::strict();
    let old = world.sign_in("alice").await.cookie;
    let granted = world.refresh(&old).await;
    world.refresh(&old).await.assert_session_ended();
    world
        .refresh(&granted.cookie().unwrap())
        .await
        .assert_session_ended();
    assert!(!world.serves(&granted.token()).await);
}

#[tokio::test]
async fn a_cookie_from_the_distant_past_is_still_known() {
    let world = World::strict();
    let first = world.sign_in("alice").await;
    let (mut cookie, mut token) = (first.cookie.clone(), first.token);
    for _ in 0..50 {
        world.wait(MINUTE);
        assert!(world.serves(&token).await);
        let granted = world.refresh(&cookie).await;
        (cookie, token) = (granted.cookie().unwrap(), granted.token());
    }
    world.refresh(&first.cookie).await.assert_session_ended();
    world.refresh(&cookie).await.assert_session_ended();
}

#[tokio::test]
async fn ending_one_session_leaves_the_others() {
    let world = World::strict();
    let (alice, phone, bob) = (
        world.sign_in("alice").await,
        world.sign_in("alice").await,
        world.sign_in("bob").await,
    );
    world.refresh(&alice.cookie).await;
    world.refresh(&alice.cookie).await.assert_session_ended();
    assert_eq!(world.refresh(&phone.cookie).await.status, StatusCode::OK);
    assert_eq!(world.refresh(&bob.cookie).await.status, StatusCode::OK);
}

#[tokio::test]
async fn no_cookie_and_a_made_up_cookie_are_no_session() {
    let world = World::new();
    world.refresh("").await.assert_session_ended();
    world
        .refresh("__Host-Http-session=nonsense")
        .await
        .assert_session_ended();
    world
        .refresh(&format!("__Host-Http-session={}", "A".repeat(43)))
        .await
        .assert_session_ended();
}

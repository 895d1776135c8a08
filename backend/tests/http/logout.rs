use axum::http::StatusCode;

use crate::world::{MINUTE, World, from_our_page};

#[tokio::test]
async fn logout_kills_the_cookie_and_the_token() {
    let world = World::new();
    let signed_in = world.sign_in("alice").await;
    let answer = world.logout(&signed_in.cookie).await;
    assert_eq!(
        (answer.status, answer.body.len()),
        (StatusCode::NO_CONTENT, 0)
    );
    assert!(!world.serves(&signed_in.token).await);
    world
        .refresh(&signed_in.cookie)
        .await
        .assert_session_ended();
}

#[tokio::test]
async fn logout_works_with_any_cookie_the_session_ever_had() {
    let world = World::strict();
    let old = world.sign_in("alice").await.cookie;
    let granted = world.refresh(&old).await;
    world.wait(MINUTE);
    assert_eq!(world.logout(&old).await.status, StatusCode::NO_CONTENT);
    assert!(!world.serves(&granted.token()).await);
    world
        .refresh(&granted.cookie().unwrap())
        .await
        .assert_session_ended();
}

#[tokio::test]
async fn logout_can_be_repeated_but_clears_only_the_cookie_it_ended() {
    let world = World::new();
    let cookie = world.sign_in("alice").await.cookie;
    assert!(world.logout(&cookie).await.header("set-cookie").is_some());
    for dead in [cookie.as_str(), "", "__Host-Http-session=nonsense"] {
        let again = world.logout(dead).await;
        assert_eq!(again.status, StatusCode::NO_CONTENT);
        assert_eq!(
            again.header("set-cookie"),
            None,
            "another tab may have signed in meanwhile"
        );
    }
}

#[tokio::test]
async fn a_token_that_comes_along_ends_its_session_too() {
    let world = World::new();
    let signed_in = world.sign_in("alice").await;
    let mut request = from_our_page("/auth/logout", "");
    request.headers_mut().insert(
        "authorization",
        format!("Bearer {}", signed_in.token).parse().unwrap(),
    );
    assert_eq!(world.send(request).await.status, StatusCode::NO_CONTENT);
    world
        .refresh(&signed_in.cookie)
        .await
        .assert_session_ended();
}

#[tokio::test]
async fn signing_in_over_a_session_ends_it() {
    let world = World::new();
    let alice = world.sign_in("alice").await;
    let body = format!(
        r#"{{"username":"bob","password":"{}"}}"#,
        crate::world::PASSWORD
    );
    let mut request = from_our_page("/auth/login", &alice.cookie);
    *request.body_mut() = body.into();
    let bob = world.send(request).await;
    assert_eq!(bob.status, StatusCode::OK);
    assert!(!world.serves(&alice.token).await);
    world.refresh(&alice.cookie).await.assert_session_ended();
    assert_eq!(
        world.refresh(&bob.cookie().unwrap()).await.status,
        StatusCode::OK
    );
}

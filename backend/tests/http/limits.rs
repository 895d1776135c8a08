use axum::http::{Method, StatusCode};

use crate::world::{MINUTE, SECOND, World};

#[tokio::test]
async fn a_session_nobody_uses_ends_however_often_it_is_refreshed() {
    let world = World::new();
    let signed_in = world.sign_in("alice").await;
    let (mut cookie, mut token) = (signed_in.cookie, signed_in.token);
    for _ in 0..7 {
        world.wait(4 * MINUTE);
        let granted = world.refresh(&cookie).await;
        (cookie, token) = (granted.cookie().unwrap(), granted.token());
    }
    world.wait(2 * MINUTE);
    assert!(!world.serves(&token).await);
    world.refresh(&cookie).await.assert_session_ended();
}

#[tokio::test]
async fn a_call_puts_the_idle_limit_off() {
    let world = World::new();
    let mut cookie = world.sign_in("alice").await.cookie;
    for _ in 0..3 {
        world.wait(30 * MINUTE - SECOND);
        let granted = world.refresh(&cookie).await;
        assert!(world.serves(&granted.token()).await);
        cookie = granted.cookie().unwrap();
    }
    world.wait(30 * MINUTE);
    world.refresh(&cookie).await.assert_session_ended();
}

#[tokio::test]
async fn the_absolute_limit_ends_a_session_in_constant_use() {
    let world = World::with(|settings| settings.limits.absolute = 60 * MINUTE);
    let signed_in = world.sign_in("alice").await;
    let (mut cookie, mut token) = (signed_in.cookie, signed_in.token);
    for _ in 0..60 / 4 {
        assert!(world.serves(&token).await);
        let granted = world.refresh(&cookie).await;
        (cookie, token) = (granted.cookie().unwrap(), granted.token());
        world.wait(4 * MINUTE);
    }
    assert!(
        !world.serves(&token).await,
        "not even by a token that has not expired"
    );
    world.refresh(&cookie).await.assert_session_ended();
}

#[tokio::test]
async fn a_token_lasts_as_long_as_was_said() {
    let world = World::new();
    let token = world.sign_in("alice").await.token;
    world.wait(5 * MINUTE - SECOND);
    assert!(world.serves(&token).await);
    world.wait(2 * SECOND);
    assert!(!world.serves(&token).await);
}

#[tokio::test]
async fn lifetimes_of_a_second_and_of_ten_years_are_as_good_as_any() {
    let ten_years = 10 * 365 * 24 * 60 * MINUTE;
    for lifetime in [SECOND, ten_years] {
        let world = World::with(|settings| {
            settings.access_ttl = lifetime;
            settings.limits.idle = 2 * ten_years;
            settings.limits.absolute = 2 * ten_years;
        });
        let answer = world.login("alice", crate::world::PASSWORD).await;
        assert_eq!(answer.json()["expires_in"], lifetime.as_secs());
        world.wait(lifetime - SECOND / 2);
        assert!(world.serves(&answer.token()).await);
        world.wait(2 * SECOND);
        assert!(!world.serves(&answer.token()).await);
    }
}

#[tokio::test]
async fn an_ended_session_is_not_listed() {
    let world = World::new();
    world.sign_in("alice").await;
    world.wait(20 * MINUTE);
    let later = world.sign_in("alice").await.token;
    let count = async |token: &str| {
        let answer = world.call(Method::GET, "/api/sessions", token).await;
        assert_eq!(answer.status, StatusCode::OK);
        answer.json().as_array().unwrap().len()
    };
    assert_eq!(count(&later).await, 2);
    world.wait(10 * MINUTE);
    let latest = world.sign_in("alice").await.token;
    assert_eq!(
        count(&latest).await,
        2,
        "the first is idle by now, the second is not"
    );
}

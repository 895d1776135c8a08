use axum::http::Method;

use crate::world::{PASSWORD, World};

#[tokio::test]
async fn the_cookie_has_exactly_these_attributes() {
    let world = World::new();
    let login = world.login("alice", PASSWORD).await;
    let refresh = world.refresh(&login.cookie().unwrap()).await;
    for answer in [login, refresh] {
        let set = answer.header("set-cookie").unwrap();
        let (name, rest) = set.split_once('=').unwrap();
        let (value, attributes) = rest.split_once("; ").unwrap();
        assert_eq!(name, "__Host-Http-session");
        assert_eq!(value.len(), 43, "256 bits in base64url");
        assert_eq!(attributes, "HttpOnly; Secure; SameSite=Strict; Path=/");
        assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 1);
    }
}

#[tokio::test]
async fn expiring_it_repeats_the_attributes_or_browsers_would_not_obey() {
    let world = World::new();
    let cookie = world.sign_in("alice").await.cookie;
    let answer = world.logout(&cookie).await;
    assert_eq!(
        answer.header("set-cookie"),
        Some("__Host-Http-session=; Max-Age=0; HttpOnly; Secure; SameSite=Strict; Path=/")
    );
}

#[tokio::test]
async fn the_development_switch_gives_a_plain_cookie_that_works() {
    let world = World::with(|settings| settings.insecure_cookies = true);
    let login = world.login("alice", PASSWORD).await;
    let cookie = login.cookie().unwrap();
    assert_eq!(
        login.header("set-cookie"),
        Some(format!("{cookie}; HttpOnly; SameSite=Strict; Path=/").as_str())
    );
    assert!(cookie.starts_with("session="));
    assert!(world.refresh(&cookie).await.cookie().is_some());
}

#[tokio::test]
async fn nothing_of_auth_or_api_may_be_kept() {
    let world = World::new();
    let signed_in = world.sign_in("alice").await;
    let token = &signed_in.token;
    let answers = [
        world.login("alice", PASSWORD).await,
        world.login("alice", "wrong").await,
        world.refresh(&signed_in.cookie).await,
        world.refresh("").await,
        world.logout("").await,
        world.call(Method::GET, "/auth/refresh", "").await,
        world.call(Method::GET, "/api/me", token).await,
        world.call(Method::GET, "/api/me", "bad").await,
        world.call(Method::GET, "/api/sessions", token).await,
        world.call(Method::GET, "/api/notes", token).await,
        world.call(Method::GET, "/api/nowhere", token).await,
        world.call(Method::POST, "/api/token/revoke", token).await,
    ];
    for (index, answer) in answers.iter().enumerate() {
        assert_eq!(
            answer.header("cache-control"),
            Some("no-store"),
            "answer {index}"
        );
        assert_eq!(
            answer.header("x-content-type-options"),
            Some("nosniff"),
            "answer {index}"
        );
    }
}

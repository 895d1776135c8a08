use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

use crate::world::{Answer, ORIGIN, PASSWORD, World, from_our_page};

/// Sends a refresh with these headers and the given cookie.
async fn refresh_with(world: &World, cookie: &str, headers: &[(&'static str, &str)]) -> Answer {
    let mut request = Request::post("/auth/refresh").header("cookie", cookie);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    world.send(request.body(Body::empty()).unwrap()).await
}

const HEADER: (&str, &str) = ("x-requested-with", "tokenhold");

#[tokio::test]
async fn a_request_that_may_come_from_elsewhere_is_refused_and_costs_nothing() {
    let world = World::strict();
    let cookie = world.sign_in("alice").await.cookie;
    let refused: [&[_]; 12] = [
        &[],
        &[
            ("x-requested-with", "XMLHttpRequest"),
            ("origin", ORIGIN),
            ("sec-fetch-site", "same-origin"),
        ],
        &[HEADER],
        &[("origin", ORIGIN)],
        &[("sec-fetch-site", "same-origin")],
        &[("origin", ORIGIN), ("sec-fetch-site", "same-origin")],
        &[HEADER, ("origin", "https://evil.example")],
        &[HEADER, ("origin", "https://app.example.com.evil.example")],
        &[HEADER, ("origin", "null")],
        &[
            HEADER,
            ("origin", "http://app.example.com"),
            ("sec-fetch-site", "same-origin"),
        ],
        &[HEADER, ("sec-fetch-site", "cross-site")],
        &[HEADER, ("origin", ORIGIN), ("sec-fetch-site", "same-site")],
    ];
    for headers in refused {
        let answer = refresh_with(&world, &cookie, headers).await;
        assert_eq!(
            (answer.status, answer.error().as_str()),
            (StatusCode::FORBIDDEN, "csrf"),
            "{headers:?}"
        );
        assert_eq!(answer.header("set-cookie"), None);
    }
    assert_eq!(
        world.refresh(&cookie).await.status,
        StatusCode::OK,
        "the cookie was not used up"
    );
}

#[tokio::test]
async fn either_sign_of_the_right_origin_will_do() {
    let world = World::strict();
    let mut cookie = world.sign_in("alice").await.cookie;
    let accepted: [&[_]; 3] = [
        &[HEADER, ("origin", ORIGIN)],
        &[HEADER, ("sec-fetch-site", "same-origin")],
        &[
            HEADER,
            ("origin", ORIGIN),
            ("sec-fetch-site", "same-origin"),
        ],
    ];
    for headers in accepted {
        let answer = refresh_with(&world, &cookie, headers).await;
        assert_eq!(answer.status, StatusCode::OK, "{headers:?}");
        cookie = answer.cookie().unwrap();
    }
}

#[tokio::test]
async fn logout_is_guarded_in_the_same_way() {
    let world = World::new();
    let signed_in = world.sign_in("alice").await;
    let forged = Request::post("/auth/logout")
        .header("cookie", &signed_in.cookie)
        .header("origin", "https://evil.example")
        .header("x-requested-with", "tokenhold");
    let answer = world.send(forged.body(Body::empty()).unwrap()).await;
    assert_eq!(
        (answer.status, answer.error().as_str()),
        (StatusCode::FORBIDDEN, "csrf")
    );
    assert!(world.serves(&signed_in.token).await);
}

#[tokio::test]
async fn cookie_endpoints_take_nothing_but_post() {
    let world = World::strict();
    let cookie = world.sign_in("alice").await.cookie;
    for path in ["/auth/login", "/auth/refresh", "/auth/logout"] {
        for method in [
            Method::GET,
            Method::HEAD,
            Method::PUT,
            Method::DELETE,
            Method::OPTIONS,
        ] {
            let mut request = from_our_page(path, &cookie);
            *request.method_mut() = method;
            let answer = world.send(request).await;
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
            assert_eq!(answer.header("access-control-allow-origin"), None);
        }
    }
    assert_eq!(world.refresh(&cookie).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_form_on_another_page_cannot_sign_anyone_in() {
    let world = World::new();
    let credentials = format!(r#"{{"username":"alice","password":"{PASSWORD}"}}"#);
    let login = async |headers: &[(&'static str, &str)]| {
        let mut request = Request::post("/auth/login");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        world
            .send(request.body(credentials.clone().into()).unwrap())
            .await
    };
    let refused: [&[_]; 5] = [
        &[],
        &[("content-type", "text/plain")],
        &[
            ("content-type", "application/x-www-form-urlencoded"),
            ("origin", ORIGIN),
        ],
        &[
            ("content-type", "application/json"),
            ("origin", "https://evil.example"),
        ],
        &[HEADER, ("sec-fetch-site", "cross-site")],
    ];
    for headers in refused {
        let answer = login(headers).await;
        assert_eq!(
            (answer.status, answer.error().as_str()),
            (StatusCode::FORBIDDEN, "csrf"),
            "{headers:?}"
        );
    }
    let accepted: [&[_]; 3] = [
        &[("content-type", "application/json; charset=utf-8")],
        &[HEADER],
        &[("content-type", "application/json"), ("origin", ORIGIN)],
    ];
    for headers in accepted {
        assert_eq!(login(headers).await.status, StatusCode::OK, "{headers:?}");
    }
}

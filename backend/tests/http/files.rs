use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

use crate::world::World;

/// A folder with these files in it, made anew.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    for (file, content) in files {
        std::fs::write(folder.join(file), content).unwrap();
    }
    folder
}

fn world(name: &str) -> World {
    let www = [
        ("index.html", "<!doctype html>"),
        ("style.css", "body {}"),
        ("main.js", "1;"),
    ];
    let package = [("index.js", "2;"), ("module.wasm", "\0asm")];
    World::with(|settings| {
        settings.www = Some(folder(&format!("{name}-www"), &www));
        settings.package = Some(folder(&format!("{name}-package"), &package));
    })
}

#[tokio::test]
async fn the_page_and_the_package_are_served_with_their_types() {
    let world = world("types");
    for (path, body, content_type) in [
        ("/", "<!doctype html>", "text/html"),
        ("/index.html", "<!doctype html>", "text/html"),
        ("/style.css", "body {}", "text/css"),
        ("/main.js", "1;", "text/javascript"),
        ("/tokenhold/index.js", "2;", "text/javascript"),
        ("/tokenhold/module.wasm", "\0asm", "application/wasm"),
    ] {
        let answer = world.call(Method::GET, path, "").await;
        assert_eq!(
            (answer.status, &answer.body[..]),
            (StatusCode::OK, body.as_bytes()),
            "{path}"
        );
        assert_eq!(answer.header("content-type"), Some(content_type), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-cache"), "{path}");
    }
}

#[tokio::test]
async fn a_file_that_did_not_change_is_not_sent_again() {
    let world = world("unchanged");
    let first = world.call(Method::GET, "/main.js", "").await;
    let request = Request::get("/main.js")
        .header("if-modified-since", first.header("last-modified").unwrap());
    let second = world.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(
        (second.status, second.body.len()),
        (StatusCode::NOT_MODIFIED, 0)
    );
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let world = world("headers");
    for path in [
        "/",
        "/main.js",
        "/tokenhold/index.js",
        "/nowhere",
        "/api/me",
        "/auth/refresh",
    ] {
        let answer = world.call(Method::GET, path, "").await;
        let policy = answer.header("content-security-policy").unwrap();
        for part in [
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; ",
            "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        assert_eq!(
            answer.header("x-content-type-options"),
            Some("nosniff"),
            "{path}"
        );
        assert_eq!(
            answer.header("referrer-policy"),
            Some("no-referrer"),
            "{path}"
        );
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
    }
}

#[tokio::test]
async fn nothing_outside_the_folders_is_served() {
    let world = world("outside");
    for path in [
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/tokenhold/..%2fCargo.toml",
        "/tokenhold/%2e%2e/x",
    ] {
        assert_eq!(
            world.call(Method::GET, path, "").await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    let bare = World::new();
    assert_eq!(
        bare.call(Method::GET, "/", "").await.status,
        StatusCode::NOT_FOUND
    );
}

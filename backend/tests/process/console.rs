use crate::backend::{Answer, Backend, exchange, request};

fn login(backend: &Backend, username: &str, password: &str) -> Answer {
    let body = format!(r#"{{"username":"{username}","password":"{password}"}}"#);
    let json = "Content-Type: application/json";
    exchange(
        backend.connect(),
        &request("POST /auth/login", &[json], &body),
    )
}

#[test]
fn it_prints_one_line_and_shows_passwords_that_work() {
    let mut backend = Backend::start(&[]);
    for username in ["alice", "bob"] {
        let line = backend.wait_for_line(&format!("sign in as {username} with the password "));
        let (_, password) = line.rsplit_once(' ').unwrap();
        assert_eq!(login(&backend, username, password).status, 200);
    }
    assert!(backend.url.starts_with("http://localhost:"));
    backend.signal("TERM");
    let (status, printed, console) = backend.finish();
    assert!(status.success());
    assert_eq!(printed, "", "nothing after the first line");
    assert!(!console.iter().any(|line| line.contains("!!!")));
}

#[test]
fn the_development_switch_is_loud() {
    let mut backend = Backend::start(&["--insecure-cookies", "--demo-password", "open sesame"]);
    backend.wait_for_line("!!! --insecure-cookies");
    assert!(
        login(&backend, "alice", "open sesame")
            .cookie()
            .starts_with("session=")
    );
}

#[test]
fn the_log_tells_what_happened_and_no_secret() {
    let backend = Backend::start(&["--demo-password", "open-sesame", "--reuse-grace", "0s"]);
    let mut secrets = vec![
        "open-sesame".to_owned(),
        "wrong-guess".into(),
        "query-secret".into(),
    ];
    assert_eq!(login(&backend, "alice", "wrong-guess").status, 401);
    // A password typed into the field of the name is still a password.
    assert_eq!(login(&backend, "open-sesame", "wrong-guess").status, 401);

    let signed_in = login(&backend, "alice", "open-sesame");
    let authorization = format!("Authorization: Bearer {}", signed_in.token());
    let me = request(
        "GET /api/me?access_token=query-secret",
        &[&authorization],
        "",
    );
    assert_eq!(exchange(backend.connect(), &me).status, 200);

    let origin = format!("Origin: {}", backend.url);
    let refresh = |cookie: &str| {
        let head = [
            &format!("Cookie: {cookie}"),
            &origin,
            "X-Requested-With: tokenhold",
        ];
        exchange(backend.connect(), &request("POST /auth/refresh", &head, ""))
    };
    let refreshed = refresh(signed_in.cookie());
    assert_eq!(
        (refreshed.status, refresh(signed_in.cookie()).status),
        (200, 401)
    );
    for granted in [&signed_in, &refreshed] {
        let (_, value) = granted.cookie().split_once('=').unwrap();
        let (_, signature) = granted.token().rsplit_once('.').unwrap();
        secrets.extend([value.to_owned(), signature.to_owned()]);
    }

    backend.signal("TERM");
    let (_, _, console) = backend.finish();
    let log: Vec<_> = console
        .iter()
        .filter(|line| !line.starts_with("sign in as"))
        .collect();
    for event in [
        "session started",
        "cookie rotated",
        "a cookie was used again",
        r#"path="/api/me""#,
        "status=401",
    ] {
        assert!(
            log.iter().any(|line| line.contains(event)),
            "{event:?} in {log:#?}"
        );
    }
    for secret in secrets {
        assert!(
            !log.iter().any(|line| line.contains(&secret)),
            "{secret:?} in {log:#?}"
        );
    }
}

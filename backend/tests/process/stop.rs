use std::io::{BufRead, BufReader, Write};

use crate::backend::{Backend, read_answer};

/// The request is under way when the signal comes: its head was read, its body is awaited.
fn finishes_what_is_under_way(signal: &str) {
    let mut backend = Backend::start(&["--demo-password", "secret"]);
    let body = r#"{"username":"alice","password":"secret"}"#;
    let mut stream = backend.connect();
    write!(
        stream,
        "POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Expect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )
    .unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    assert_eq!(next_line(&mut reader), "HTTP/1.1 100 Continue");
    assert_eq!(next_line(&mut reader), "");

    backend.signal(signal);
    backend.wait_for_line("stopping");
    stream.write_all(body.as_bytes()).unwrap();
    let answer = read_answer(reader);
    assert_eq!(answer.status, 200);
    assert!(answer.token().len() > 100);

    assert!(backend.try_connect().is_err(), "nobody new is let in");
    let (status, _, console) = backend.finish();
    assert!(status.success());
    assert!(console.last().unwrap().ends_with("stopped"));
}

fn next_line(reader: &mut impl BufRead) -> String {
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

#[test]
fn sigterm_finishes_what_is_under_way() {
    finishes_what_is_under_way("TERM");
}

#[test]
fn sigint_finishes_what_is_under_way() {
    finishes_what_is_under_way("INT");
}

#[test]
fn an_idle_connection_does_not_hold_it_up() {
    let backend = Backend::start(&["--demo-password", "secret"]);
    let mut idle = backend.connect();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .unwrap();
    let mut reader = BufReader::new(idle);
    assert_eq!(next_line(&mut reader), "HTTP/1.1 200 OK");
    let told = std::time::Instant::now();
    backend.signal("TERM");
    let (status, _, _) = backend.finish();
    assert!(status.success());
    assert!(
        told.elapsed().as_secs() < 8,
        "well before the last requests' 10 seconds are over"
    );
}

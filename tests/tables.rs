//! The tables in `docs/options.md` name every option. The core has the defaults and the ranges that
//! they give.

use tokenhold::core::{Error, ExpiresInUnit, Logout, Options};

const PAGE: &str = include_str!("../docs/options.md");

/// Options of which the core knows nothing.
const OF_THE_FACE: [&str; 3] = ["fetch", "exposeToken", "wasm"];

struct Row {
    name: &'static str,
    kind: &'static str,
    meaning: &'static str,
    default: &'static str,
}

fn rows() -> Vec<Row> {
    let rows: Vec<Row> = PAGE.lines().filter_map(row).collect();
    assert!(rows.iter().any(|row| row.name == "refresh.timeout"));
    rows
}

fn row(line: &'static str) -> Option<Row> {
    let cells: Vec<&str> = line
        .strip_prefix("| `")?
        .split('|')
        .map(str::trim)
        .collect();
    let [name, kind, meaning, default, _] = cells[..] else {
        panic!("four cells, please: {line}");
    };
    Some(Row {
        name: name.strip_suffix('`')?,
        kind,
        meaning,
        default,
    })
}

#[test]
fn defaults_are_those_of_the_table() {
    for row in rows() {
        if OF_THE_FACE.contains(&row.name) {
            continue;
        }
        let default = default_of(row.name);
        assert!(
            row.default.starts_with(&default) && row.default.is_empty() == default.is_empty(),
            "`{}`: the table says {}, the core {default}",
            row.name,
            row.default
        );
    }
}

/// How the default cell of an option begins.
fn default_of(name: &str) -> String {
    let options = Options::new("/auth/refresh");
    let (refresh, logout) = (&options.refresh, Logout::new("/auth/logout"));
    let (request, response) = (&refresh.request, &refresh.response);
    match name {
        "refresh" | "refresh.url" | "refresh.response" => String::new(),
        "refresh.method" => text(&request.method),
        "refresh.headers" => none(request.headers.is_empty(), "none"),
        "refresh.body" => none(request.body.is_none(), "none"),
        "refresh.credentials" => none(request.credentials.is_none(), "`\"same-origin\"`, or"),
        "refresh.csrf" => none(request.csrf.is_none(), "none"),
        "refresh.ended" => code(format!("{:?}", refresh.ended)),
        "refresh.timeout" => code(refresh.timeout.to_string()),
        "refresh.response.token" => text(&response.token),
        "refresh.response.expiresIn" => text(&response.expires_in),
        "refresh.response.expiresInUnit" => text(match response.expires_in_unit {
            ExpiresInUnit::Seconds => "s",
            ExpiresInUnit::Milliseconds => "ms",
        }),
        "refresh.response.expiresAt" => text(&response.expires_at),
        "logout" => none(options.logout.is_none(), "none"),
        "logout.withToken" => code(logout.with_token.to_string()),
        "signIn.response" => none(options.sign_in.is_none(), "that of `refresh`"),
        "rejected" => code(format!("{:?}", options.rejected)),
        "attachTo" => none(options.attach_to.is_none(), "`[self.origin]`"),
        "name" => text(&options.name),
        "restore" => code(options.restore.to_string()),
        "logout.confirmed" => none(logout.confirmed.is_none(), "any success, and 401"),
        "csrf" => none(options.csrf.is_none(), "none"),
        "scheme" => text(&options.scheme),
        "header" => text(&options.header),
        "identity" => code(format!("{:?}", options.identity)),
        other => panic!("`{other}` is in the table: what is its default in the core?"),
    }
}

fn text(text: &str) -> String {
    code(format!("\"{text}\""))
}

fn code(code: String) -> String {
    format!("`{code}`")
}

fn none(is_none: bool, says: &str) -> String {
    if is_none { says } else { "something" }.to_owned()
}

#[test]
fn ranges_are_those_of_the_table() {
    let ranges: Vec<(Row, u64, u64)> = rows()
        .into_iter()
        .filter_map(|row| range(row.meaning).map(|(least, most)| (row, least, most)))
        .collect();
    assert!(ranges.iter().any(|(row, ..)| row.name == "refresh.ended"));
    for (row, least, most) in ranges {
        for value in [least, most] {
            assert_eq!(verdict(row.name, value), None, "{} {value}", row.name);
        }
        for value in least.checked_sub(1).into_iter().chain([most + 1]) {
            let named = verdict(row.name, value);
            assert_eq!(named.as_deref(), Some(row.name), "{} {value}", row.name);
        }
        let kinds = ["integer", "text", "statuses", "statuses or function"];
        assert!(kinds.contains(&row.kind), "{}", row.name);
    }
}

/// The first "1 to 600,000" in a sentence.
fn range(sentence: &str) -> Option<(u64, u64)> {
    let words: Vec<&str> = sentence.split_whitespace().collect();
    let number = |word: &str| {
        word.trim_end_matches(['.', ',', ':'])
            .replace(',', "")
            .parse()
            .ok()
    };
    words
        .windows(3)
        .find_map(|three| Some((number(three[0])?, number(three[2])?)).filter(|_| three[1] == "to"))
}

/// The option that is refused if this one has such a value, or such a length.
fn verdict(name: &str, value: u64) -> Option<String> {
    let mut options = Options::new("/auth/refresh");
    let statuses = || vec![value as u16];
    match name {
        "refresh.timeout" => options.refresh.timeout = value,
        "refresh.ended" => options.refresh.ended = statuses(),
        "rejected" => options.rejected = statuses(),
        "logout.confirmed" => {
            options.logout = Some(Logout {
                confirmed: Some(statuses()),
                ..Logout::new("/auth/logout")
            });
        }
        "name" => options.name = "x".repeat(value as usize),
        other => panic!("`{other}` has a range in the table: how is it set in the core?"),
    }
    match options.validate() {
        Ok(()) => None,
        Err(Error::InvalidOption(invalid)) => Some(invalid.option.into_owned()),
        Err(other) => panic!("{other}"),
    }
}

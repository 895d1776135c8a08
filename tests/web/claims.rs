//! The claims of a JWT. The browser reads them for the npm package, and `jwt-compact` for apps in Rust.

use crate::support::get;
use base64ct::{Base64UrlUnpadded, Encoding};
use tokenhold::core::{Claims, Subject};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

#[wasm_bindgen(module = "/src/web/answers.js")]
extern "C" {
    #[wasm_bindgen(js_name = claims)]
    fn read_claims(jwt: &str) -> JsValue;
}

/// Names that have a meaning in a header, and one that has none.
const HEADER: [&str; 7] = ["alg", "cty", "typ", "kid", "jku", "x5u", "other"];
/// The same of a payload.
const PAYLOAD: [&str; 6] = ["exp", "iat", "nbf", "sub", "iss", "other"];

/// Values of all kinds. The most common ones are listed more than once.
const VALUES: [&str; 22] = [
    "\"a\"",
    "\"a\"",
    "\"b\"",
    "\"json\"",
    "\"JSON\"",
    "\"JWT\"",
    "\"\"",
    "\"é\\n\\u00e9\\/\"",
    "4000000000",
    "4000000000",
    "4000000300",
    "4000000000.75",
    "4e9",
    "-5.5",
    "0",
    "1e14",
    "1e300",
    "null",
    "true",
    "[1, {\"exp\": 2}]",
    "{\"sub\": \"c\"}",
    "+1",
];

/// Pseudo-random numbers (xorshift64), always the same ones.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    /// An object with some of the names, each once; now and then something else.
    fn json(&mut self, names: &[&str], usual: &str) -> String {
        if self.below(40) == 0 {
            return VALUES[self.below(VALUES.len())].to_owned();
        }
        let mut members = vec![usual.to_owned()];
        for name in names {
            if self.below(4) == 0 {
                members.push(format!("\"{name}\": {}", VALUES[self.below(VALUES.len())]));
            }
        }
        format!("{{{}}}", members.join(","))
    }
}

/// The part of a JWT that is signed.
fn signed(header: &str, payload: &str) -> String {
    let encode = |part: &str| Base64UrlUnpadded::encode_string(part.as_bytes());
    format!("{}.{}", encode(header), encode(payload))
}

fn by_the_browser(jwt: &str) -> Option<Claims> {
    let said = read_claims(jwt);
    if said.is_undefined() {
        return None;
    }
    let text = |name| get(&said, name).as_string();
    let seconds = |name| get(&said, name).as_f64().map(|seconds| seconds as i64);
    Some(Claims {
        json: text("json")?,
        expires: seconds("exp"),
        issued: seconds("iat"),
        subject: text("person").as_deref().map(Subject::named),
    })
}

#[wasm_bindgen_test]
fn the_browser_reads_what_jwt_compact_reads() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let (mut read, mut left) = (0, 0);
    for _ in 0..20_000 {
        let usual = if dice.below(10) == 0 {
            "\"\": 1"
        } else {
            "\"alg\": \"EdDSA\""
        };
        let names = if usual.contains("alg") {
            &HEADER[1..]
        } else {
            &HEADER
        };
        let header = dice.json(names, usual);
        let payload = dice.json(&PAYLOAD, "\"jti\": \"1\"");
        let jwt = signed(&header, &payload) + ".c2ln";
        let expected = Claims::read(&jwt);
        assert_eq!(by_the_browser(&jwt), expected, "{header} {payload}");
        match expected {
            Some(_) => read += 1,
            None => left += 1,
        }
    }
    assert!(read > 2_000 && left > 2_000, "{read} read, {left} left");
}

#[wasm_bindgen_test]
fn what_is_cut_or_padded_is_no_jwt_for_either() {
    let whole = signed(r#"{"alg":"EdDSA"}"#, r#"{"sub":"a"}"#);
    assert!(by_the_browser(&format!("{whole}.c2ln")).is_some());
    // A hand-over shows the browser no signature.
    assert!(by_the_browser(&format!("{whole}.")).is_some());
    assert_eq!(by_the_browser(&whole), None);
    let (header, payload) = whole.split_once('.').unwrap();
    for bad in [
        header.to_owned(),
        format!("{header}."),
        format!(".{payload}"),
        format!("{header}.{payload}=="),
        format!("{header}=.{payload}"),
        format!("{header}.{payload}.{payload}"),
        format!("{header}.{}", &payload[..payload.len() - 2]),
        format!("{header}.{payload}*"),
        format!("{header}. {payload}"),
        format!(
            "{header}.{}",
            Base64UrlUnpadded::encode_string(b"{\"sub\":\"\xFF\"}")
        ),
        format!(
            "{header}.{}",
            Base64UrlUnpadded::encode_string(b"{\"sub\":")
        ),
    ] {
        let bad = bad + ".c2ln";
        assert_eq!(by_the_browser(&bad), None, "{bad}");
        assert_eq!(Claims::read(&bad), None, "{bad}");
    }
}

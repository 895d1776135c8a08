use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// `N` bytes that nobody can guess.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .expect("the operating system's random source works on every supported platform");
    bytes
}

/// A name of 128 random bits: never met before, and no secret.
pub fn id() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<16>())
}

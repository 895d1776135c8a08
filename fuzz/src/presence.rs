//! The names of locks, which anyone of the origin can hold.

use tokenhold::core::Presence;

/// A name that can be read is written, and read back, as the same.
pub fn presence(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else {
        return false;
    };
    let Some(presence) = Presence::decode(text) else {
        return false;
    };
    let encoded = presence.encode();
    assert_eq!(Presence::decode(&encoded), Some(presence));
    let fields: Vec<&str> = text.split('.').collect();
    assert_eq!(fields.len(), 9);
    // The last one has flags, of which there may be more some day.
    for (field, written) in fields.into_iter().zip(encoded.split('.')).take(8) {
        let digits = field.trim_start_matches('+').trim_start_matches('0');
        assert_eq!(digits.to_ascii_lowercase(), written.trim_start_matches('0'));
    }
    true
}

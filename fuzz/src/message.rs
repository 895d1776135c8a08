//! Messages from other tabs, as bytes.

use tokenhold::core::Message;

/// There is one form of each message, and nothing else is one.
pub fn message(data: &[u8]) -> bool {
    let Some(message) = Message::decode(data) else {
        return false;
    };
    assert_eq!(message.encode(), data, "{message:?}");
    true
}

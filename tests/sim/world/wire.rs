//! The channel between tabs, with sealing modelled: who lacks the key sees other bytes.

use tokenhold::core::{AccessToken, Ask, HandOver, Message, News, PublicKey, TabId};

/// The key of a tab. What makes it private is that only this tab's number unseals.
pub fn key_of(tab: TabId) -> PublicKey {
    [tab.0 as u8 ^ 0xA5; 65]
}

pub fn seal(ask: &Ask, news: News, token: &AccessToken) -> Message {
    Message::HandOver(HandOver {
        to: ask.from,
        news,
        key: ask.key,
        nonce: [0; 12],
        sealed: scramble(token.expose().as_bytes(), &ask.key),
    })
}

/// `None`: it was sealed to another key.
pub fn unseal(hand_over: &HandOver, tab: TabId) -> Option<AccessToken> {
    let key = key_of(tab);
    let sealed_for_us = hand_over.key == key;
    let bytes = scramble(&hand_over.sealed, &key);
    sealed_for_us
        .then(|| String::from_utf8(bytes).ok())
        .flatten()
        .and_then(AccessToken::parse)
}

fn scramble(bytes: &[u8], key: &PublicKey) -> Vec<u8> {
    bytes
        .iter()
        .zip(key.iter().cycle())
        .map(|(byte, key)| byte ^ key)
        .collect()
}

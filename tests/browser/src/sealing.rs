//! WebCrypto, as far as it matters: a token that is sealed to one tab looks otherwise to all others.

use tokenhold::core::{AccessToken, Ask, HandOver, Message, News, PublicKey, TabId};

const MASK: u8 = 0xA5;

/// The key of a tab. It is private in that nothing but this tab's number unseals.
pub fn key_of(tab: TabId) -> PublicKey {
    [tab.0 as u8; 65]
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
    if hand_over.key != key {
        return None;
    }
    let text = String::from_utf8(scramble(&hand_over.sealed, &key)).ok()?;
    AccessToken::parse(text)
}

fn scramble(bytes: &[u8], key: &PublicKey) -> Vec<u8> {
    let pairs = bytes.iter().zip(key.iter().cycle());
    pairs.map(|(byte, key)| byte ^ key ^ MASK).collect()
}

#[cfg(test)]
mod tests {
    use tokenhold::core::{Crowd, Life, Version};

    use super::*;
    use crate::contains;

    #[test]
    fn only_the_tab_that_asked_unseals_the_token() {
        let (asker, other) = (TabId(3), TabId(4));
        let ask = Ask {
            from: asker,
            to: other,
            key: key_of(asker),
        };
        let news = News {
            from: other,
            version: Version::default(),
            subject: None,
            life: Life {
                age: 0,
                lifetime: None,
                is_kept: false,
            },
            said_at: 0,
            crowd: Crowd::default(),
        };
        let token = AccessToken::parse("s3cretly".to_owned()).expect("a token");
        let message = seal(&ask, news, &token);
        assert!(!contains(&message.encode(), token.expose().as_bytes()));
        let Message::HandOver(hand_over) = message else {
            panic!("something else was sealed");
        };
        assert_eq!(unseal(&hand_over, asker), Some(token));
        assert_eq!(unseal(&hand_over, other), None);
    }
}

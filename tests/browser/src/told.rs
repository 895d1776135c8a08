//! The browser's answers to the effects of a tab's machine.

use tokenhold::core::{
    AccessToken, Answer, AttemptId, Challenge, Claims, Holder, Machine, Message, News, Now,
    Presence, RequestId, Ticket, Version,
};

#[derive(Clone, Debug)]
pub enum Told {
    LockGranted(Ticket),
    Peers(Vec<Presence>, Vec<Holder>),
    Announced(Version),
    Message(Message),
    Unsealed(News, AccessToken),
    RefreshAnswered(AttemptId, Answer),
    /// Whether it was confirmed.
    LogoutAnswered(AttemptId, bool),
    /// The API answers the app's request with this status; `None`: the network failed.
    RequestAnswered(RequestId, Option<u16>),
    Online,
}

impl Told {
    pub fn tell(self, machine: &mut Machine, now: Now) {
        match self {
            Told::LockGranted(ticket) => machine.handle_lock_granted(ticket, now),
            Told::Peers(peers, holders) => machine.handle_peers(&peers, &holders, now),
            Told::Announced(version) => machine.handle_announced(version, now),
            Told::Message(message) => machine.handle_message(message, now),
            Told::Unsealed(news, token) => {
                let claims = Claims::read(token.expose());
                machine.handle_unsealed(news, token, claims, now);
            }
            Told::RefreshAnswered(id, answer) => machine.handle_refresh_answer(id, answer, now),
            Told::LogoutAnswered(id, confirmed) => machine.handle_logout_answer(id, confirmed, now),
            Told::RequestAnswered(id, Some(401)) => {
                machine.handle_rejected(id, Challenge::Refreshable, true, now);
            }
            Told::RequestAnswered(id, _) => machine.handle_request_over(id),
            Told::Online => machine.handle_online(now),
        }
    }

    /// A few words for a person to read.
    pub fn name(&self) -> &'static str {
        match self {
            Told::LockGranted(_) => "lock granted",
            Told::Peers(..) => "peers listed",
            Told::Announced(_) => "announced",
            Told::Message(Message::News(_)) => "news",
            Told::Message(Message::SignedOut { .. }) => "signed out elsewhere",
            Told::Message(Message::Ask(_)) => "asked for the token",
            Told::Message(Message::HandOver(_)) => "token handed over",
            Told::Unsealed(..) => "token unsealed",
            Told::RefreshAnswered(_, Answer::Granted(_)) => "refresh granted",
            Told::RefreshAnswered(_, Answer::Ended) => "refresh: session ended",
            Told::RefreshAnswered(_, Answer::Failed { .. }) => "refresh failed",
            Told::LogoutAnswered(_, true) => "logout confirmed",
            Told::LogoutAnswered(_, false) => "logout not confirmed",
            Told::RequestAnswered(_, Some(401)) => "401",
            Told::RequestAnswered(..) => "request over",
            Told::Online => "online",
        }
    }
}

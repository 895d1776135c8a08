//! The peers' messages: their news, their questions, their tokens.

use super::parts::{HandedOver, LockedTask};
use super::{Machine, TabSharing};
use crate::core::claims::Claims;
use crate::core::effect::Effect;
use crate::core::event::Reason;
use crate::core::identity::Identity;
use crate::core::message::{Ask, HandOver, Message, News};
use crate::core::session::Session;
use crate::core::time::Now;
use crate::core::token::AccessToken;
use crate::core::version::Version;

impl Machine {
    /// Another tab has said something; or somebody in its name, so nothing here trusts it further
    /// than a tab's own backend would contradict.
    pub fn handle_message(&mut self, message: Message, now: Now) {
        let is_for_another = message.to().is_some_and(|to| to != self.state.tab());
        if self.is_disposed || self.page.is_away() || is_for_another {
            return;
        }
        self.begin_turn(now);
        match message {
            Message::News(news) => self.hear(news, now),
            Message::SignedOut { version, reason } => self.hear_end(version, reason, now),
            Message::Ask(ask) => self.answer(ask, now),
            Message::HandOver(hand_over) => self.receive(hand_over),
        }
        self.end_turn(now);
    }

    /// A token handed over has been unsealed; `claims` is what it says of itself, if it is a JWT.
    pub fn handle_unsealed(
        &mut self,
        news: News,
        token: AccessToken,
        claims: Option<Claims>,
        now: Now,
    ) {
        if self.is_disposed || !self.state.wants(news.version) {
            return;
        }
        self.begin_turn(now);
        let handed_over = HandedOver {
            news,
            token,
            claims,
        };
        if self.state.is_restoring() && !self.lock.is_at(LockedTask::Asking) {
            self.peers.keep(handed_over);
            self.lock.query(&mut self.outbox);
        } else {
            self.take_over(handed_over, now);
        }
        self.end_turn(now);
    }

    fn hear(&mut self, news: News, now: Now) {
        let version = news.version;
        if !self.state.wants(version) || !version.can_follow(self.state.known(), now) {
            return;
        }
        let identity = Identity::of(version, news.subject);
        if self.sharing == TabSharing::Alone {
            return self.hear_alone(version, identity);
        }
        self.timers.slow_down(news.crowd, now);
        self.learn(version, Some(identity));
        self.peers.told(news);
        if !self.is_idle() || news.crowd.draws_one_of_few(&mut self.entropy) {
            self.ask_for_what_was_told(now);
        }
    }

    /// A tab that works alone keeps its token as long as the person stays the same. The cookie, which
    /// is everybody's, tells who else it is.
    fn hear_alone(&mut self, version: Version, identity: Identity) {
        let is_same = |session: &Session| session.identity().is(identity);
        if !self.state.session().is_some_and(is_same) {
            self.learn(version, Some(identity));
            self.want_refresh();
        }
    }

    fn hear_end(&mut self, version: Version, reason: Reason, now: Now) {
        if reason == Reason::Elsewhere && self.state.is_newest_end(version, now) {
            self.refreshes.call_off_sign_ins(&mut self.outbox);
        }
        self.hear_signed_out(version, reason, now);
    }

    fn answer(&mut self, ask: Ask, now: Now) {
        if let Some(session) = self.state.session() {
            let news = self.state.news_of(session, self.timers.crowd, now);
            let token = session.token();
            self.outbox.push(Effect::HandOver { ask, news, token });
        }
    }

    fn receive(&mut self, hand_over: HandOver) {
        if self.state.wants(hand_over.news.version) {
            self.outbox.push(Effect::Unseal(hand_over));
        }
    }
}

//! The other tabs: hearing their news, asking for their token, handing over one's own.

use super::errands::Work;
use super::{Machine, State, TabSharing};
use crate::core::claims::Claims;
use crate::core::effect::{Effect, Holder};
use crate::core::event::Reason;
use crate::core::identity::Identity;
use crate::core::message::{Ask, HandOver, Message, News};
use crate::core::presence::Presence;
use crate::core::session::Session;
use crate::core::time::Now;
use crate::core::timer::Timer;
use crate::core::token::AccessToken;
use crate::core::version::{TabId, Version};

/// How long peers may take to hand their token over: long enough for a busy page, short enough
/// for a person who waits for frozen ones.
const ASK_MS: u64 = 2_000;
/// One that is gone may be listed for a moment; one that is frozen is listed for long.
const ASK_AGAIN_MS: u64 = 300;

/// Whom this tab has asked for which token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Asked {
    tab: TabId,
    version: Version,
    /// Whether it has been seen in a list of peers.
    was_listed: bool,
}

/// Of those who know more than this tab, the one that is furthest on.
#[derive(Clone, Copy)]
pub(super) struct Newest {
    tab: TabId,
    version: Version,
    /// Somebody has logged out of the session that the cookie may still be of, whoever ended it last.
    someone_is_logging_out: bool,
}

impl Machine {
    /// Another tab has said something; or somebody in its name, so nothing here trusts it further
    /// than a tab's own backend would contradict.
    pub fn handle_message(&mut self, message: Message, now: Now) {
        if self.disposed || self.page.is_away() {
            return;
        }
        self.observe(now);
        match message {
            Message::News(news) => self.hear(news, now),
            Message::SignedOut { version, reason } => {
                if reason == Reason::Elsewhere && self.is_newest_end(version, now) {
                    self.call_off_sign_in();
                }
                self.hear_signed_out(version, reason, now);
            }
            Message::Ask(ask) if ask.to == self.tab => self.answer(ask, now),
            Message::HandOver(hand_over) if hand_over.to == self.tab => self.receive(hand_over),
            Message::Ask(_) | Message::HandOver(_) => {}
        }
    }

    /// A token handed over has been unsealed; `claims` is what it says of itself, if it is a JWT.
    pub fn handle_unsealed(
        &mut self,
        news: News,
        token: AccessToken,
        claims: Option<Claims>,
        now: Now,
    ) {
        if self.disposed || !self.is_wanted(news.version) {
            return;
        }
        self.observe(now);
        if matches!(self.state, State::Restoring) && !self.is_asking() {
            self.handed_over = Some((news, token, claims));
            return self.query_peers();
        }
        self.take_over(news, token, claims, now);
    }

    /// Makes the token that was handed over this tab's own. While restoring it has not heard of
    /// everything; so with the lock or without, it has looked at the others since it asked: the one
    /// that was so kind may have been frozen, and not know that they have logged out.
    fn take_over(&mut self, news: News, token: AccessToken, claims: Option<Claims>, now: Now) {
        if !self.is_wanted(news.version) {
            return;
        }
        let life = news.life_at(now.wall);
        let session = Session::handed_over(token, claims, news.version, life, now);
        if !session.is_fresh(now) {
            self.asked_in_vain = news.version;
            // What was asked for before is no answer to what has been asked for since, or not at all.
            if self
                .asked
                .is_some_and(|asked| asked.version <= news.version)
            {
                self.ask_is_over(now);
            }
            return;
        }
        let was_asking = self.is_asking();
        if was_asking {
            self.work_on(Work::Publishing);
        }
        self.adopt(session, now);
        if was_asking {
            self.errand_is_done(now);
        }
    }

    /// The tabs that are alive, this one among them or not, and who has the group's locks.
    pub fn handle_peers(&mut self, peers: &[Presence], holders: &[Holder], now: Now) {
        if self.disposed || self.page.is_away() {
            return;
        }
        self.observe(now);
        self.sight(holders, now);
        let newest = peers
            .iter()
            .filter(|peer| peer.tab != self.tab && peer.version > self.version)
            .filter(|peer| peer.version.can_follow(self.known, now))
            .max_by_key(|peer| (peer.version, peer.tab))
            .map(|peer| Newest {
                tab: peer.tab,
                version: peer.version,
                someone_is_logging_out: peers.iter().any(|peer| peer.is_logging_out),
            });
        let is_stale = self.queries.take_answer();
        let asked = self.asked;
        if self.is_looking() {
            if !is_stale {
                self.timers.stop(Timer::Look);
                self.learn_of_backoffs(peers, now);
                self.looked(newest, now);
            }
        } else if let Some(peer) = newest {
            self.catch_up_with(peer, now);
        }
        if let Some((news, token, claims)) = self.handed_over.take() {
            self.take_over(news, token, claims, now);
        } else if asked == self.asked {
            self.ask_the_next(peers, now);
        }
        self.watch_the_one_in_front(now);
        self.rechecked(now);
    }

    /// With the lock, this tab has seen the others, or works alone.
    pub(super) fn looked(&mut self, newest: Option<Newest>, now: Now) {
        if self.others_are_at_work(now) {
            self.step_back(now);
        } else if self.has_urgent_errand() {
            match newest {
                Some(peer) if self.wants.logout.is_some() => self.catch_up_with(peer, now),
                // What it signs in to is newer than all that it sees.
                Some(peer) => self.known = self.known.max(peer.version),
                None => {}
            }
            self.next_errand(now);
        } else {
            self.look_at(newest, now);
        }
    }

    pub(super) fn go_on_without_peers(&mut self, now: Now) {
        // What has not come by now will not come, unless this page was frozen meanwhile.
        if !self.is_late(now) {
            self.queries = Default::default();
        }
        if self.is_looking() {
            self.renew(now);
        }
    }

    /// Perhaps the one that was asked is gone, or another one has the token as well.
    pub(super) fn ask_again(&mut self, now: Now) {
        if self.asked.is_some() {
            self.query_peers();
            self.ask_again_later(now);
        }
    }

    pub(super) fn stop_asking(&mut self) {
        self.asked = None;
        self.handed_over = None;
        self.timers.stop(Timer::Ask);
        self.timers.stop(Timer::AskAgain);
    }

    /// No token came of asking.
    pub(super) fn ask_is_over(&mut self, now: Now) {
        if let Some(asked) = self.asked
            && self.is_asking()
        {
            self.asked_in_vain = asked.version;
        }
        self.stop_asking();
        if self.is_asking() {
            self.renew(now);
        } else if matches!(self.state, State::Restoring) {
            self.want_refresh(now);
        }
    }

    fn look_at(&mut self, newest: Option<Newest>, now: Now) {
        let Some(peer) = newest.filter(|peer| peer.version > self.asked_in_vain) else {
            return self.renew_unless_asked(now);
        };
        if !peer.version.is_signed_out() {
            self.learn(peer.version, None);
            self.work_on(Work::Asking);
            self.ask(peer.tab, peer.version, true, now);
            return;
        }
        self.known = self.known.max(peer.version);
        // Somebody signed out before this page was opened; the cookie has the last word.
        let is_of_the_past = self.session().is_none() && !peer.someone_is_logging_out;
        if is_of_the_past || !self.known.is_signed_out() {
            self.renew(now);
        } else {
            self.sign_out(Reason::Elsewhere, self.known, now);
        }
    }

    /// A tab may tell its news before the others can see that it has them.
    fn renew_unless_asked(&mut self, now: Now) {
        match self.asked {
            Some(_) => self.work_on(Work::Asking),
            None => self.renew(now),
        }
    }

    fn catch_up_with(&mut self, peer: Newest, now: Now) {
        if peer.version.is_signed_out() {
            if matches!(self.state, State::Restoring) && !peer.someone_is_logging_out {
                self.known = self.known.max(peer.version);
            } else {
                self.hear_signed_out(peer.version, Reason::Elsewhere, now);
            }
        } else {
            self.learn(peer.version, None);
            if peer.version > self.asked_in_vain {
                self.ask(peer.tab, peer.version, true, now);
            }
        }
    }

    /// Of the tabs with the token that was asked for, each in turn may be the one that answers.
    fn ask_the_next(&mut self, peers: &[Presence], now: Now) {
        let Some(mut asked) = self.asked else {
            return;
        };
        let has_it = |peer: &&Presence| {
            let version = peer.version;
            peer.tab != self.tab && version >= asked.version && !version.is_signed_out()
        };
        let those_who_have_it = || peers.iter().filter(has_it).map(|peer| peer.tab);
        if those_who_have_it().next().is_none() {
            if asked.was_listed {
                self.ask_is_over(now);
            }
            return;
        }
        asked.was_listed = true;
        if let Some(next) = those_who_have_it().filter(|tab| *tab < asked.tab).max() {
            asked.tab = next;
            self.effects.push_back(Effect::Ask(next));
        }
        self.asked = Some(asked);
    }

    fn hear(&mut self, news: News, now: Now) {
        if !self.is_wanted(news.version) || !news.version.can_follow(self.known, now) {
            return;
        }
        let identity = Identity::of(news.version, news.subject);
        if self.sharing == TabSharing::Alone {
            return self.hear_alone(news.version, identity, now);
        }
        self.learn(news.version, Some(identity));
        self.ask(news.from, news.version, false, now);
    }

    /// Who works alone keeps its token as long as the person stays the same. The cookie, which is
    /// everybody's, tells who else it is.
    fn hear_alone(&mut self, version: Version, identity: Identity, now: Now) {
        let is_same = |session: &Session| session.identity().is(identity);
        if !self.session().is_some_and(is_same) {
            self.learn(version, Some(identity));
            self.want_refresh(now);
        }
    }

    /// There is a newer token. If it is another person's, or may be, this tab's own is over.
    fn learn(&mut self, version: Version, identity: Option<Identity>) {
        self.known = self.known.max(version);
        self.forget_unsent_logout();
        let goes_on = self.session().is_some_and(|session| {
            let same_sign_in = session.version.epoch == version.epoch;
            same_sign_in && identity.is_none_or(|identity| session.identity().is(identity))
        });
        if !goes_on {
            self.unsettle();
        }
    }

    fn hear_signed_out(&mut self, version: Version, reason: Reason, now: Now) {
        if self.is_newest_end(version, now) {
            self.sign_out(reason, version, now);
        }
    }

    /// Whether this end is news here. One who is signed in may have seen a later one already, but not
    /// yet what it ends.
    fn is_newest_end(&self, version: Version, now: Now) -> bool {
        version.is_signed_out()
            && version > self.version
            && (version >= self.known || self.session().is_some())
            && version.can_follow(self.known, now)
    }

    fn ask(&mut self, tab: TabId, version: Version, was_listed: bool, now: Now) {
        if self.asked.is_some_and(|asked| asked.version >= version) {
            return;
        }
        self.asked = Some(Asked {
            tab,
            version,
            was_listed,
        });
        self.effects.push_back(Effect::Ask(tab));
        self.timers.set(Timer::Ask, ASK_MS, now);
        self.ask_again_later(now);
    }

    fn ask_again_later(&mut self, now: Now) {
        self.timers.set(Timer::AskAgain, ASK_AGAIN_MS, now);
    }

    fn answer(&mut self, ask: Ask, now: Now) {
        match &self.state {
            State::SignedIn(session) => {
                let (news, token) = (self.news_of(session, now), session.token());
                self.effects
                    .push_back(Effect::HandOver { ask, news, token });
            }
            State::SignedOut if self.version.is_signed_out() => self.post(Message::SignedOut {
                version: self.version,
                reason: Reason::Elsewhere,
            }),
            _ => {}
        }
    }

    fn receive(&mut self, hand_over: HandOver) {
        if self.is_wanted(hand_over.news.version) {
            self.effects.push_back(Effect::Unseal(hand_over));
        }
    }

    /// Newer than what this tab has, and not of an epoch known to be over.
    fn is_wanted(&self, version: Version) -> bool {
        let is_over = self.known.is_signed_out() && self.known.epoch == version.epoch;
        version > self.version
            && !version.is_signed_out()
            && version.epoch >= self.known.epoch
            && !is_over
    }
}

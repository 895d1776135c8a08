//! The other tabs: which of them knows more than this one, and whom this one has asked for a token.

use super::outbox::Outbox;
use super::session_state::SessionState;
use crate::core::claims::Claims;
use crate::core::effect::Effect;
use crate::core::message::News;
use crate::core::presence::Presence;
use crate::core::time::Now;
use crate::core::timer::{Timer, Timers};
use crate::core::token::AccessToken;
use crate::core::version::{TabId, Version};

/// How long peers may take to hand their token over: long enough for a busy page, short enough
/// for a person who waits for frozen ones.
const ASK_MS: u64 = 2_000;
/// One that is gone may be listed for a moment; one that is frozen is listed for long.
const ASK_AGAIN_MS: u64 = 300;
/// How long it may take until a whole crowd has been given the token, on a busy machine.
const CROWD_MS: u64 = 8_000;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Peers {
    asked: Option<Asked>,
    /// A token that came of asking, until this tab has looked at the peers.
    handed_over: Option<HandedOver>,
    /// The version that was last asked for in vain since this tab needs the lock, and whether it had
    /// the lock then.
    asked_in_vain: Version,
    had_lock: bool,
    /// The newest version that was asked for in a crowd, and since when.
    first_asked: Option<(Version, Now)>,
    /// A token that this tab has been told of, and has not asked for yet.
    told: Option<News>,
}

/// Whom this tab has asked for which token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Asked {
    tab: TabId,
    version: Version,
    /// Whether it was asked because of its news.
    told_news: bool,
    /// Whether it has been seen in a list of peers.
    was_listed: bool,
    /// Whether it takes its time, so that the next one is to be asked.
    is_slow: bool,
}

/// A peer's token, unsealed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct HandedOver {
    pub(crate) news: News,
    pub(crate) token: AccessToken,
    pub(crate) claims: Option<Claims>,
}

/// Of the peers that know more than this tab, the one that is furthest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Newest {
    pub(crate) tab: TabId,
    pub(crate) version: Version,
    /// A peer has logged out of the session that the cookie may still be of, whichever tab ended it
    /// last.
    pub(crate) someone_is_logging_out: bool,
}

impl Newest {
    pub(crate) fn among(peers: &[Presence], state: &SessionState, now: Now) -> Option<Newest> {
        let newest = peers
            .iter()
            .filter(|peer| peer.tab != state.tab() && peer.version > state.version())
            .filter(|peer| peer.version.can_follow(state.known(), now))
            .max_by_key(|peer| (peer.version, peer.tab))?;
        Some(Newest {
            tab: newest.tab,
            version: newest.version,
            someone_is_logging_out: peers.iter().any(|peer| peer.is_logging_out),
        })
    }
}

impl Peers {
    /// Asks that tab for its token, unless one that is as new has been asked for already.
    pub(crate) fn ask(
        &mut self,
        tab: TabId,
        version: Version,
        was_listed: bool,
        now: Now,
        out: &mut Outbox,
        timers: &mut Timers,
    ) {
        if self.asked.is_some_and(|asked| asked.version >= version) {
            return;
        }
        self.asked = Some(Asked {
            tab,
            version,
            told_news: !was_listed,
            was_listed,
            is_slow: false,
        });
        self.told = None;
        out.push(Effect::Ask(tab));
        timers.set(Timer::Ask, ASK_MS, now);
        timers.set(Timer::AskAgain, ASK_AGAIN_MS, now);
        let is_first = self.first_asked.is_none_or(|(before, _)| before < version);
        if timers.crowd.delay() > 0 && is_first {
            self.first_asked = Some((version, now));
        }
    }

    /// A tab has told of a token: it will be asked for it when that is needed here.
    pub(crate) fn told(&mut self, news: News) {
        if self.told.is_none_or(|before| before.version < news.version) {
            self.told = Some(news);
        }
    }

    /// Asks for the token that this tab has been told of, if any, unless it has expired meanwhile.
    pub(crate) fn ask_for_what_was_told(
        &mut self,
        now: Now,
        out: &mut Outbox,
        timers: &mut Timers,
    ) {
        let Some(news) = self.told.take() else {
            return;
        };
        let life = news.life_at(now.wall);
        if life.lifetime.is_some_and(|lifetime| lifetime <= life.age) {
            return self.was_useless(news.version);
        }
        self.ask(news.from, news.version, false, now, out, timers);
        // One that has told long ago and is not listed is gone.
        if let Some(asked) = &mut self.asked {
            asked.was_listed |= now.wall.saturating_sub(news.said_at) > ASK_MS;
        }
    }

    /// Of the tabs with the token that was asked for, each in turn may be the one that answers: the next one is asked if the
    /// one before is gone, or takes its time. Returns whether none of those listed has it any more.
    pub(crate) fn ask_the_next(
        &mut self,
        own: TabId,
        peers: &[Presence],
        out: &mut Outbox,
    ) -> bool {
        let Some(asked) = &mut self.asked else {
            return false;
        };
        let has_it = |peer: &&Presence| {
            let version = peer.version;
            peer.tab != own && version >= asked.version && !version.is_signed_out()
        };
        let those_that_have_it = || peers.iter().filter(has_it).map(|peer| peer.tab);
        if those_that_have_it().next().is_none() {
            return asked.was_listed;
        }
        let is_there = those_that_have_it().any(|tab| tab == asked.tab);
        let is_gone = asked.was_listed && !is_there;
        asked.was_listed |= is_there;
        if is_gone || asked.is_slow {
            asked.is_slow = false;
            // One that told its news was asked first, wherever it is in their order.
            let is_first = std::mem::take(&mut asked.told_news);
            let is_next = |tab: &TabId| *tab < asked.tab || is_first && *tab > asked.tab;
            if let Some(next) = those_that_have_it().filter(is_next).max() {
                asked.tab = next;
                asked.was_listed = true;
                out.push(Effect::Ask(next));
            }
        }
        false
    }

    /// Perhaps the tab that was asked is gone, or another one has the token as well. Returns whether
    /// that is worth a look. Where timers are late, the time for asking may be over by now, and nobody
    /// else has been asked: there is one look more, then.
    pub(crate) fn ask_again(&mut self, now: Now, timers: &mut Timers) -> bool {
        if let Some(asked) = &mut self.asked {
            asked.is_slow = true;
            let is_last = timers.is_due(Timer::Ask, now);
            let next = if is_last { Timer::Ask } else { Timer::AskAgain };
            timers.set(next, ASK_AGAIN_MS, now);
        }
        self.asked.is_some()
    }

    pub(crate) fn has_asked(&self) -> bool {
        self.asked.is_some()
    }

    /// Whether a token of that version is what was asked for, or newer.
    pub(crate) fn is_answer(&self, version: Version) -> bool {
        self.asked.is_some_and(|asked| asked.version <= version)
    }

    pub(crate) fn stop_asking(&mut self, timers: &mut Timers) {
        self.asked = None;
        self.told = None;
        self.handed_over = None;
        timers.stop(Timer::Ask);
        timers.stop(Timer::AskAgain);
    }

    /// The token that was asked for is not to be had.
    pub(crate) fn ask_was_in_vain(&mut self, has_lock: bool) {
        if let Some(asked) = self.asked {
            self.asked_in_vain = asked.version;
            self.had_lock = has_lock;
        }
    }

    /// Whether the tabs that have a newer token than this one may just be busy with the others of a crowd.
    pub(crate) fn are_busy(&self, own: Version, now: Now) -> bool {
        self.first_asked
            .is_some_and(|(version, at)| version > own && now.ran_since(at) < CROWD_MS)
    }

    /// A token of this version is of no use.
    pub(crate) fn was_useless(&mut self, version: Version) {
        self.asked_in_vain = version;
        self.had_lock = true;
    }

    pub(crate) fn is_worth_asking_for(&self, version: Version) -> bool {
        version > self.asked_in_vain || !self.had_lock
    }

    /// The same for a tab that waits for the lock, or needs none: a frozen tab answers all the
    /// questions at once when it thaws, so each is asked once. With the lock there is one more.
    pub(crate) fn is_worth_asking_for_meanwhile(&self, version: Version) -> bool {
        version > self.asked_in_vain
    }

    /// Begins anew to need the lock.
    pub(crate) fn forget_what_was_in_vain(&mut self) {
        self.asked_in_vain = Version::default();
    }

    /// Keeps a token until this tab has looked at the peers, unless it keeps a newer one: of two tabs
    /// that were asked, the one that is behind may come last.
    pub(crate) fn keep(&mut self, handed_over: HandedOver) {
        let version = |kept: &HandedOver| kept.news.version;
        if self.handed_over.as_ref().map(version) <= Some(version(&handed_over)) {
            self.handed_over = Some(handed_over);
        }
    }

    pub(crate) fn take_handed_over(&mut self) -> Option<HandedOver> {
        self.handed_over.take()
    }
}

#[cfg(test)]
mod tests;

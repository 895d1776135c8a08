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

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Peers {
    asked: Option<Asked>,
    /// A token that came of asking, until this tab has looked at the peers.
    handed_over: Option<HandedOver>,
    /// The version that was last asked for in vain since this tab needs the lock, and whether it had
    /// the lock then.
    asked_in_vain: Version,
    had_lock: bool,
}

/// Whom this tab has asked for which token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Asked {
    tab: TabId,
    version: Version,
    /// Whether it has been seen in a list of peers.
    was_listed: bool,
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
            was_listed,
        });
        out.push(Effect::Ask(tab));
        timers.set(Timer::Ask, ASK_MS, now);
        timers.set(Timer::AskAgain, ASK_AGAIN_MS, now);
    }

    /// Of the tabs with the token that was asked for, each in turn may be the one that answers.
    /// Returns whether none of those listed has it any more.
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
        // One that told its news was asked first, wherever it is in their order.
        let is_first = !std::mem::replace(&mut asked.was_listed, true);
        let is_next = |tab: &TabId| *tab < asked.tab || is_first && *tab > asked.tab;
        let next = those_that_have_it().filter(is_next).max();
        if let Some(next) = next {
            asked.tab = next;
            out.push(Effect::Ask(next));
        }
        false
    }

    /// Perhaps the tab that was asked is gone, or another one has the token as well. Returns whether
    /// that is worth a look. Where timers are late, the time for asking may be over by now, and nobody
    /// else has been asked: there is one look more, then.
    pub(crate) fn ask_again(&mut self, now: Now, timers: &mut Timers) -> bool {
        if self.asked.is_some() {
            let is_last = timers.is_due(Timer::Ask, now);
            let next = if is_last { Timer::Ask } else { Timer::AskAgain };
            timers.set(next, ASK_AGAIN_MS, now);
        }
        self.asked.is_some()
    }

    pub(crate) fn asked(&self) -> Option<Asked> {
        self.asked
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
mod tests {
    use super::*;
    use crate::core::session::Life;

    const OWN: TabId = TabId(5);

    fn at(ms: u64) -> Now {
        Now {
            monotonic: ms,
            wall: ms,
        }
    }

    fn version(generation: u32) -> Version {
        Version {
            epoch: 1,
            generation,
            author: TabId(9),
        }
    }

    fn peer(tab: u64, generation: u32) -> Presence {
        Presence::at(TabId(tab), version(generation))
    }

    struct World {
        peers: Peers,
        out: Outbox,
        timers: Timers,
    }

    impl World {
        fn new() -> World {
            World {
                peers: Peers::default(),
                out: Outbox::default(),
                timers: Timers::default(),
            }
        }

        fn ask(&mut self, tab: u64, generation: u32, was_listed: bool) -> Vec<TabId> {
            let World { peers, out, timers } = self;
            let version = version(generation);
            peers.ask(TabId(tab), version, was_listed, at(0), out, timers);
            self.asked_now()
        }

        fn listed(&mut self, peers: &[Presence]) -> (bool, Vec<TabId>) {
            let is_over = self.peers.ask_the_next(OWN, peers, &mut self.out);
            (is_over, self.asked_now())
        }

        fn asked_now(&mut self) -> Vec<TabId> {
            let asked = self.out.drain().into_iter().map(|effect| match effect {
                Effect::Ask(tab) => tab,
                other => panic!("{other:?}"),
            });
            asked.collect()
        }
    }

    #[test]
    fn the_newest_is_the_one_that_is_furthest_on() {
        let state = SessionState::new(OWN);
        let newest = |peers: &[Presence]| Newest::among(peers, &state, at(0));
        assert_eq!(newest(&[]), None);
        assert_eq!(newest(&[Presence::at(TabId(1), Version::default())]), None);
        assert_eq!(newest(&[peer(OWN.0, 3)]), None);
        let all = [peer(1, 1), peer(2, 2), peer(3, 2), peer(4, 1)];
        let found = newest(&all).unwrap();
        assert_eq!((found.tab, found.version), (TabId(3), version(2)));
        assert!(!found.someone_is_logging_out);
        let mut all = all;
        all[0].is_logging_out = true;
        assert!(newest(&all).unwrap().someone_is_logging_out);
        let forged = Version {
            epoch: u64::MAX,
            ..version(1)
        };
        assert_eq!(newest(&[Presence::at(TabId(1), forged)]), None);
    }

    #[test]
    fn only_a_newer_token_is_asked_for_again() {
        let mut world = World::new();
        assert!(!world.peers.has_asked());
        assert_eq!(world.ask(1, 2, true), [TabId(1)]);
        assert!(world.peers.has_asked());
        assert_eq!(world.ask(2, 2, true), []);
        assert_eq!(world.ask(2, 3, true), [TabId(2)]);
        assert!(world.peers.is_answer(version(3)) && !world.peers.is_answer(version(2)));
        assert_eq!(world.timers.next(at(0)), Some(ASK_AGAIN_MS));
    }

    #[test]
    fn each_tab_that_has_the_token_is_asked_in_turn() {
        let mut world = World::new();
        world.ask(4, 2, true);
        let all = [
            peer(1, 2),
            peer(2, 3),
            peer(3, 1),
            peer(4, 2),
            peer(OWN.0, 2),
        ];
        assert_eq!(world.listed(&all), (false, vec![TabId(2)]));
        assert_eq!(world.listed(&all), (false, vec![TabId(1)]));
        assert_eq!(world.listed(&all), (false, vec![]));
        let ended = Presence::at(TabId(1), version(Version::SIGNED_OUT));
        assert_eq!(world.listed(&[ended, peer(OWN.0, 2)]), (true, vec![]));
    }

    #[test]
    fn a_tab_that_told_its_news_may_be_listed_only_later() {
        let mut world = World::new();
        assert_eq!(world.listed(&[]), (false, vec![]));
        world.ask(1, 2, false);
        assert_eq!(world.listed(&[]), (false, vec![]));
        assert_eq!(world.listed(&[peer(1, 2)]), (false, vec![]));
        assert_eq!(world.listed(&[]), (true, vec![]));
    }

    #[test]
    fn asking_again_is_for_those_that_have_asked() {
        let mut world = World::new();
        assert!(!world.peers.ask_again(at(0), &mut world.timers));
        assert_eq!(world.timers.next(at(0)), None);
        world.ask(1, 2, true);
        assert!(world.peers.ask_again(at(200), &mut world.timers));
        assert_eq!(world.timers.next(at(200)), Some(ASK_AGAIN_MS));
        world.peers.keep(handed_over(2));
        world.peers.stop_asking(&mut world.timers);
        assert_eq!(world.timers.next(at(200)), None);
        assert_eq!(world.peers.asked(), None);
        assert_eq!(world.peers.take_handed_over(), None);
    }

    #[test]
    fn where_timers_are_late_there_is_one_look_more() {
        let mut world = World::new();
        world.ask(1, 2, true);
        let late = at(ASK_MS);
        assert_eq!(world.timers.take_due(late), Some(Timer::AskAgain));
        assert!(world.peers.ask_again(late, &mut world.timers));
        assert_eq!(world.timers.next(late), Some(ASK_AGAIN_MS));
        let end = at(ASK_MS + ASK_AGAIN_MS);
        assert_eq!(world.timers.take_due(end), Some(Timer::Ask));
        assert_eq!(world.timers.take_due(end), None);
    }

    #[test]
    fn a_token_is_kept_once() {
        let mut peers = Peers::default();
        peers.keep(handed_over(2));
        assert_eq!(peers.take_handed_over(), Some(handed_over(2)));
        assert_eq!(peers.take_handed_over(), None);
    }

    #[test]
    fn of_two_tokens_the_newer_one_is_kept() {
        for generations in [[2, 3], [3, 2]] {
            let mut peers = Peers::default();
            for generation in generations {
                peers.keep(handed_over(generation));
            }
            assert_eq!(peers.take_handed_over(), Some(handed_over(3)));
        }
    }

    #[test]
    fn a_token_not_to_be_had_is_not_worth_asking_for() {
        let mut world = World::new();
        world.peers.ask_was_in_vain(true);
        assert!(world.peers.is_worth_asking_for(version(1)));
        world.ask(1, 2, true);
        world.peers.ask_was_in_vain(true);
        assert!(!world.peers.is_worth_asking_for(version(2)));
        assert!(world.peers.is_worth_asking_for(version(3)));
        world.peers.was_useless(version(3));
        assert!(!world.peers.is_worth_asking_for(version(3)));
        world.peers.forget_what_was_in_vain();
        assert!(world.peers.is_worth_asking_for(version(1)));
    }

    #[test]
    fn where_the_one_that_told_its_news_is_gone_all_that_have_its_token_are_asked() {
        let mut world = World::new();
        assert_eq!(world.ask(2, 3, false), [TabId(2)]);
        let left = [peer(1, 3), peer(3, 3), peer(4, 3)];
        let mut asked = Vec::new();
        for _look in 0..4 {
            asked.extend(world.listed(&left).1);
        }
        assert_eq!(asked, [TabId(4), TabId(3), TabId(1)]);
    }

    #[test]
    fn one_not_to_be_had_without_the_lock_is_asked_for_once_more_with_it() {
        let mut world = World::new();
        world.ask(1, 2, true);
        world.peers.ask_was_in_vain(false);
        assert!(!world.peers.is_worth_asking_for_meanwhile(version(2)));
        assert!(world.peers.is_worth_asking_for_meanwhile(version(3)));
        assert!(world.peers.is_worth_asking_for(version(2)));
        world.peers.ask_was_in_vain(true);
        assert!(!world.peers.is_worth_asking_for(version(2)));
        world.peers.forget_what_was_in_vain();
        assert!(world.peers.is_worth_asking_for_meanwhile(version(2)));
    }

    fn handed_over(generation: u32) -> HandedOver {
        HandedOver {
            news: News {
                from: TabId(1),
                version: version(generation),
                subject: None,
                life: Life {
                    age: 0,
                    lifetime: None,
                    is_kept: false,
                },
                said_at: 0,
            },
            token: AccessToken::parse("one".to_owned()).unwrap(),
            claims: None,
        }
    }
}

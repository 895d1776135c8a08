use super::*;
use crate::core::crowd::Crowd;
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
        self.peers.ask_again(at(0), &mut self.timers);
        let is_over = self.peers.ask_the_next(OWN, peers, &mut self.out);
        (is_over, self.asked_now())
    }

    fn ask_for_what_was_told(&mut self, ms: u64) -> Vec<TabId> {
        let World { peers, out, timers } = self;
        peers.ask_for_what_was_told(at(ms), out, timers);
        self.asked_now()
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
fn one_that_is_listed_and_has_time_left_is_the_only_one_asked() {
    let mut world = World::new();
    world.ask(4, 2, true);
    let World { peers, out, .. } = &mut world;
    assert!(!peers.ask_the_next(OWN, &[peer(1, 2), peer(4, 2)], out));
    assert_eq!(world.asked_now(), []);
}

#[test]
fn the_tabs_of_a_crowd_are_busy_for_a_while_with_each_token_anew() {
    let mut world = World::new();
    world.timers.crowd = Crowd::of(100);
    assert!(!world.peers.are_busy(version(1), at(0)));
    world.ask(1, 2, true);
    assert!(world.peers.are_busy(version(1), at(CROWD_MS - 1)));
    assert!(!world.peers.are_busy(version(1), at(CROWD_MS)));
    assert!(
        !world.peers.are_busy(version(2), at(0)),
        "it has that token"
    );
    world.peers.stop_asking(&mut world.timers);
    let World { peers, out, timers } = &mut world;
    peers.ask(TabId(1), version(3), true, at(CROWD_MS), out, timers);
    assert!(peers.are_busy(version(2), at(CROWD_MS + 1)));
    peers.stop_asking(timers);
    peers.ask(TabId(1), version(3), true, at(2 * CROWD_MS), out, timers);
    assert!(
        !peers.are_busy(version(2), at(2 * CROWD_MS)),
        "no newer one"
    );
}

#[test]
fn a_few_tabs_are_never_too_busy() {
    let mut world = World::new();
    world.ask(1, 2, true);
    assert!(!world.peers.are_busy(version(1), at(0)));
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
    assert!(!world.peers.has_asked());
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

fn news(generation: u32) -> News {
    News {
        from: TabId(1),
        version: version(generation),
        subject: None,
        life: Life {
            age: 0,
            lifetime: None,
            is_kept: false,
        },
        said_at: 0,
        crowd: Crowd::default(),
    }
}

fn handed_over(generation: u32) -> HandedOver {
    HandedOver {
        news: news(generation),
        token: AccessToken::parse("one".to_owned()).unwrap(),
        claims: None,
    }
}

#[test]
fn what_was_told_is_asked_for_when_it_is_needed() {
    let mut world = World::new();
    world.timers.crowd = Crowd::of(100);
    world.peers.told(news(2));
    assert!(world.asked_now().is_empty());
    assert_eq!(world.ask_for_what_was_told(0), [TabId(1)]);
    assert_eq!(world.timers.next(at(0)), Some(ASK_AGAIN_MS + 1_800));
    assert!(
        world.ask_for_what_was_told(0).is_empty(),
        "it is asking already"
    );
}

#[test]
fn of_what_was_told_the_newest_is_asked_for_and_the_tab_that_told_it_first() {
    for told in [[2, 3, 2], [3, 2, 3]] {
        let mut world = World::new();
        for (tab, generation) in (1..).zip(told) {
            let from = TabId(tab);
            world.peers.told(News {
                from,
                ..news(generation)
            });
        }
        let first = (1..).zip(told).find(|(_, generation)| *generation == 3);
        let first = first.map(|(tab, _)| TabId(tab));
        assert_eq!(world.ask_for_what_was_told(0).first().copied(), first);
        assert!(!world.peers.is_answer(version(2)));
        assert!(world.peers.is_answer(version(3)));
    }
}

#[test]
fn no_needless_refresh_a_token_that_has_expired_since_it_was_told_of_is_not_asked_for() {
    let mut world = World::new();
    let lifetime = Some(300);
    let life = Life {
        age: 100,
        lifetime,
        is_kept: false,
    };
    let dying = News { life, ..news(2) };
    world.peers.told(dying);
    assert_eq!(world.ask_for_what_was_told(199), [TabId(1)]);
    let mut world = World::new();
    world.peers.told(dying);
    assert!(world.ask_for_what_was_told(200).is_empty());
    assert!(!world.peers.is_worth_asking_for(version(2)));
}

#[test]
fn liveness_a_tab_that_has_gone_since_it_told_its_news_is_not_waited_for() {
    let mut world = World::new();
    world.peers.told(news(2));
    world.ask_for_what_was_told(ASK_MS);
    let World { peers, out, .. } = &mut world;
    assert!(!peers.ask_the_next(OWN, &[], out), "not yet listed");
    let mut world = World::new();
    world.peers.told(news(2));
    world.ask_for_what_was_told(ASK_MS + 1);
    let World { peers, out, .. } = &mut world;
    assert!(!peers.ask_the_next(OWN, &[peer(7, 2)], out));
    assert!(peers.ask_the_next(OWN, &[peer(7, 1)], out), "nobody has it");
    assert_eq!(world.asked_now(), [TabId(7)]);
}

#[test]
fn what_was_told_is_dropped_with_the_question() {
    let mut world = World::new();
    world.peers.told(news(2));
    world.peers.stop_asking(&mut world.timers);
    assert!(world.ask_for_what_was_told(0).is_empty());
}

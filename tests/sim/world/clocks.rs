//! The clocks of the device and of its pages, none of them right.

use tokenhold::core::Now;

const EPOCH_MS: u64 = 1_700_000_000_000;

/// The clocks that all pages share: the wall clock, and the effect of sleep on the monotonic one.
#[derive(Default)]
pub struct Device {
    /// Whether `performance.now()` and timers stand still while the machine sleeps.
    pub stops_in_sleep: bool,
    /// By how much the wall clock is ahead, in milliseconds.
    pub wall_error: i64,
    /// How long the machine has slept, if the monotonic clock stood still meanwhile.
    slept: u64,
    /// How far the wall clock has leapt ahead of the monotonic one, in leaps that no page can take for a delay.
    leapt: i64,
    /// When a wall clock was set back, or one page began to see another time than the others, and the lowest time that
    /// any page then saw.
    pub set_back: Vec<(u64, u64)>,
    /// When a wall clock was last set forward, which makes tokens seem older than they are.
    pub went_forward_at: u64,
}

/// A page's own clocks. The monotonic one starts with the page, and the wall clock may be wrong in its own way.
#[derive(Clone, Copy, Default)]
pub struct Clock {
    opened: u64,
    slept_before: u64,
    pub wall_error: i64,
}

/// A moment by a page's clocks, and how far they had leapt apart by then.
#[derive(Clone, Copy)]
pub struct Stamp {
    pub now: Now,
    leapt: i64,
}

/// A page may take a shorter leap of the wall clock for a delay.
const LEAP_MS: i64 = 5_001;

impl Device {
    /// The clocks of a page that opens now.
    pub fn clock(&self, time: u64) -> Clock {
        Clock {
            opened: time,
            slept_before: self.slept,
            wall_error: 0,
        }
    }

    pub fn read(&self, clock: Clock, time: u64) -> Now {
        let error = self.wall_error + clock.wall_error;
        let slept = self.slept - clock.slept_before;
        Now {
            // A page has been loading for a while before its machine is made.
            monotonic: 100 + (time - clock.opened).saturating_sub(slept),
            wall: (EPOCH_MS + time).saturating_add_signed(error),
        }
    }

    pub fn stamp(&self, clock: Clock, time: u64) -> Stamp {
        Stamp {
            now: self.read(clock, time),
            leapt: self.leapt,
        }
    }

    /// Milliseconds since then by the clock that saw more of them, sleep left out.
    pub fn since(&self, stamp: Stamp, clock: Clock, time: u64) -> u64 {
        let now = self.read(clock, time);
        let monotonic = now.monotonic - stamp.now.monotonic;
        let wall = now.wall.saturating_sub(stamp.now.wall);
        let leapt = self.leapt - stamp.leapt;
        let unseen = if leapt < LEAP_MS { 0 } else { leapt };
        monotonic.max(wall.saturating_sub(unseen.unsigned_abs()))
    }

    /// The machine has slept. Returns how much of that its timers did not see.
    pub fn sleep(&mut self, ms: u64) -> u64 {
        if !self.stops_in_sleep {
            return 0;
        }
        self.slept += ms;
        self.leap(ms as i64);
        ms
    }

    pub fn set_wall_clock(&mut self, by: i64) {
        self.wall_error += by;
        self.leap(by);
    }

    fn leap(&mut self, ms: i64) {
        if !(0..LEAP_MS).contains(&ms) {
            self.leapt += ms;
        }
    }
}

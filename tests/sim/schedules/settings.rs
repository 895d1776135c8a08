//! The surroundings of a schedule: one kind of browser, network and backend.

use std::env;
use std::fmt;
use std::str::FromStr;

use tokenhold::core::{LogoutPolicy, Policy};

use crate::world::{Backend, GRACE, Group, MINUTE, Random, policy};

macro_rules! settings {
    ($($(#[$doc:meta])* $name:ident)*) => {
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Settings { $($(#[$doc])* pub $name: u64,)* }

        impl Settings {
            /// Every one, by name.
            pub fn all(&mut self) -> Vec<(&'static str, &mut u64)> {
                vec![$((stringify!($name), &mut self.$name),)*]
            }
        }
    };
}

settings! {
    /// Of the latencies, and of the machines.
    seed
    /// How long at most the backend forgives the second use of a cookie; 0: strict rotation.
    grace
    /// The lifetime of tokens.
    ttl
    /// 1: tokens do not say whose they are.
    opaque
    /// Up to how long locks take.
    locks
    /// Up to how long messages take.
    channel
    /// Up to how long requests take, each way.
    network
    /// 1: requests die with their page.
    mortal
    /// 1: the monotonic clock stands still while the machine sleeps.
    stops
    /// 1: timers of hidden pages are slowed down.
    throttle
    /// 1: the logout request carries a token; 2: there is none.
    logout
    /// 1: pages are told before they are left.
    forewarns
}

impl Settings {
    pub fn draw(random: &mut Random) -> Settings {
        let seed = random.next();
        Settings {
            seed,
            grace: *random.pick(&[0, forgiving()]),
            ttl: *random.pick(&[5 * MINUTE, 5 * MINUTE, 5 * MINUTE, MINUTE, 60 * MINUTE]),
            opaque: random.below(2),
            locks: random.below(20),
            channel: random.below(30),
            network: random.below(800),
            mortal: u64::from(random.chance(15)),
            stops: random.below(2),
            throttle: random.below(2),
            logout: *random.pick(&[0, 0, 0, 1, 1, 2]),
            forewarns: seed % 2,
        }
    }

    /// The browser to play in, where one person has signed in before.
    pub fn group(&self) -> Group {
        let mut backend = Backend::with_grace(self.grace);
        backend.access_ttl = self.ttl;
        backend.tells_subject = self.opaque == 0;
        let mut group = Group::with_session(backend, "alice");
        group.random = Random::seeded(self.seed);
        group.latency.locks = 0..self.locks + 1;
        group.latency.channel = 0..self.channel + 1;
        group.latency.network = self.network / 4..self.network + 1;
        group.habits.keeps_alive = self.mortal == 0;
        group.habits.throttles = self.throttle == 1;
        group.habits.forewarns = self.forewarns == 1;
        group.device.stops_in_sleep = self.stops == 1;
        group
    }

    pub fn policy(&self) -> Policy {
        let with_token = self.logout == 1;
        Policy {
            logout: (self.logout < 2).then_some(LogoutPolicy { with_token }),
            ..policy()
        }
    }
}

/// The grace of the backends that forgive: `TOKENHOLD_GRACE`, in seconds, or the one that is recommended.
fn forgiving() -> u64 {
    let seconds: Option<u64> = env::var("TOKENHOLD_GRACE")
        .ok()
        .and_then(|text| text.parse().ok());
    seconds.map_or(GRACE, |seconds| seconds * 1_000)
}

impl fmt::Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in self.clone().all() {
            write!(f, "{name}={value} ")?;
        }
        Ok(())
    }
}

impl FromStr for Settings {
    type Err = String;

    fn from_str(text: &str) -> Result<Settings, String> {
        let mut settings = Settings::default();
        for field in text.split_whitespace() {
            let (name, value) = field.split_once('=').ok_or(field)?;
            let mut all = settings.all();
            let place = all
                .iter_mut()
                .find(|(known, _)| *known == name)
                .ok_or(name)?;
            *place.1 = value.parse().map_err(|_| field)?;
        }
        Ok(settings)
    }
}

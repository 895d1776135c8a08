//! A machine among hostile tabs, an unreliable backend and an app without manners.

mod browser;
mod checks;
mod moves;
mod world;

use arbitrary::{Arbitrary, Unstructured};

use moves::{Move, Setting};
use world::World;

/// More moves than that show nothing that fewer do not.
const MAX_MOVES: usize = 200;

/// Whatever happens in whatever order, what `checks` says holds after every step, and at the end
/// nobody waits for ever.
pub fn machine(data: &[u8]) -> bool {
    let mut input = Unstructured::new(data);
    let Ok(setting) = Setting::arbitrary(&mut input) else {
        return false;
    };
    let mut world = World::new(&setting);
    let mut trace = Trace(Vec::new());
    world.start();
    for _ in 0..MAX_MOVES {
        if input.is_empty() {
            break;
        }
        let Ok(next) = Move::arbitrary(&mut input) else {
            break;
        };
        trace.0.push(next.clone());
        world.make(next);
    }
    if setting.ends_by_dispose {
        world.dispose();
    } else {
        world.be_left_alone();
    }
    world.nobody_waits();
    world.served_somebody()
}

/// Says how it came to that.
struct Trace(Vec<Move>);

impl Drop for Trace {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.iter().for_each(|made| eprintln!("  {made:?}"));
        }
    }
}

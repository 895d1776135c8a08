//! A world, and all that may be done to it: what the checker goes through.

use stateright::{Checker, Expectation, HasDiscoveries, Model, Property};

use crate::action::Action;
use crate::budget::Budget;
use crate::properties;
use crate::sights::Sight;
use crate::world::World;

#[derive(Clone)]
pub struct Story {
    pub start: World,
    pub budget: Budget,
    sights: &'static [Sight],
}

impl Story {
    pub fn new(mut start: World, budget: Budget) -> Story {
        start.allow(budget);
        Story {
            start,
            budget,
            sights: &[],
        }
    }

    /// The sights that some path must meet.
    pub fn meets(self, sights: &'static [Sight]) -> Story {
        Story { sights, ..self }
    }

    /// Goes through every state that can be reached, each once: there are so many, and nothing is
    /// broken in any of them.
    #[track_caller]
    pub fn has_states(self, count: usize) {
        let checker = self
            .checker()
            .finish_when(HasDiscoveries::AnyFailures)
            .spawn_bfs()
            .join();
        let found = checker.discoveries();
        for property in checker.model().properties() {
            match (property.expectation, found.get(property.name)) {
                (Expectation::Sometimes, None) => panic!("never met: {}", property.name),
                (Expectation::Always | Expectation::Eventually, Some(path)) => {
                    let trace = trace(path.clone().into_actions());
                    panic!("{} is broken by\n{trace}", property.name);
                }
                _ => {}
            }
        }
        println!("depth {}", checker.max_depth());
        assert_eq!(checker.unique_state_count(), count, "states");
    }
}

impl Model for Story {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        vec![self.start.clone()]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        if world.watch.broken.is_none() {
            world.due(actions);
            world.possible(actions);
        }
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        let mut world = world.clone();
        world.act(action);
        Some(world)
    }

    fn properties(&self) -> Vec<Property<Story>> {
        let mut all = properties::all();
        for (name, sight) in self.sights {
            all.push(Property::sometimes(name, *sight));
        }
        all
    }
}

fn trace(actions: Vec<Action>) -> String {
    let lines = actions.iter().map(|action| format!("  {action:?}\n"));
    lines.collect()
}

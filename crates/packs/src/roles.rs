//! Roles: what each may do, and what stands on its home page (at most seven
//! things, R004-37).

use crate::dated::dated;

/// The most blocks a home page shows.
pub(crate) const MOST_BLOCKS: usize = 7;

dated! {
    /// All roles of a council, with the words for what they may do.
    pub struct Roles {
        /// What roles may do.
        pub capabilities: Vec<Named>,
        /// What home pages are made of.
        pub blocks: Vec<Named>,
        /// The roles.
        pub roles: Vec<Role>,
    }
}

/// An id with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The id.
    pub id: String,
    /// The words.
    pub title: String,
}

/// One role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// The ids of what it may do.
    pub capabilities: Vec<String>,
    /// The ids of its home page's blocks, most important first.
    pub home: Vec<String>,
    /// Where it is written.
    pub place: crate::Place,
}

impl Role {
    /// Whether the role may do this.
    pub fn can(&self, capability: &str) -> bool {
        self.capabilities.iter().any(|c| c == capability)
    }
}

impl Roles {
    /// The role with this id.
    pub fn role(&self, id: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.id == id)
    }

    /// A council's roles laid over England's: a role of the same id replaces.
    pub(crate) fn over(&self, under: &Self) -> Self {
        fn lay<T: Clone>(under: &[T], over: &[T], same: impl Fn(&T, &T) -> bool) -> Vec<T> {
            let mut all = under.to_vec();
            for item in over {
                match all.iter_mut().find(|old| same(old, item)) {
                    Some(old) => *old = item.clone(),
                    None => all.push(item.clone()),
                }
            }
            all
        }
        Self {
            capabilities: lay(&under.capabilities, &self.capabilities, |a, b| a.id == b.id),
            blocks: lay(&under.blocks, &self.blocks, |a, b| a.id == b.id),
            roles: lay(&under.roles, &self.roles, |a, b| a.id == b.id),
            ..self.clone()
        }
    }
}

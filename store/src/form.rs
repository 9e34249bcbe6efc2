//! What kind of state stands in a folder, by its name and the version of its form.

/// A kind of state. Several kinds may share a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// Its name: the files begin with it.
    pub name: &'static str,
    /// The version that is written, and the newest that is read.
    pub format: u32,
}

impl Form {
    pub(crate) fn slots(&self) -> [String; 2] {
        ["a", "b"].map(|slot| format!("{}-{slot}", self.name))
    }

    pub(crate) fn lock(&self) -> String {
        format!("{}.lock", self.name)
    }

    pub(crate) fn temporary(&self) -> String {
        format!("{}.tmp", self.name)
    }
}

//! What one export says of a device beside its platform, and how it joins what others say.

use std::collections::{BTreeMap, btree_map::Entry};

use octroi_core::{
    AppId, Declaration, Impediment, NonEmpty, Observation, OwnershipStatement, Record,
    ShareStatement,
};

use crate::error::{ExportError, Place};

/// All but the platform, which an export may leave open.
#[derive(Default)]
pub(crate) struct Said {
    pub(crate) id: Option<NonEmpty>,
    pub(crate) ownership: Vec<OwnershipStatement>,
    purchase: Vec<ShareStatement>,
    subscription: Vec<ShareStatement>,
    usage: Vec<ShareStatement>,
    roles: Vec<NonEmpty>,
    pub(crate) observations: Vec<Observation<'static>>,
    declarations: BTreeMap<AppId, Declaration>,
    impediments: BTreeMap<AppId, Impediment>,
}

impl From<Record<'static>> for Said {
    fn from(record: Record<'static>) -> Self {
        Self {
            id: record.device.id,
            ownership: record.device.ownership,
            purchase: record.device.purchase,
            subscription: record.device.subscription,
            usage: record.device.usage,
            roles: record.roles,
            observations: record.observations,
            declarations: record.declarations,
            impediments: record.impediments,
        }
    }
}

impl Said {
    /// Adds all of it to what others say of the device.
    pub(crate) fn add_to(self, record: &mut Record<'static>) -> Result<(), ExportError> {
        record.device.id = record.device.id.take().or(self.id);
        record.device.ownership.extend(self.ownership);
        record.device.purchase.extend(self.purchase);
        record.device.subscription.extend(self.subscription);
        record.device.usage.extend(self.usage);
        record.roles.extend(self.roles);
        record.observations.extend(self.observations);
        add_once(
            &mut record.declarations,
            self.declarations,
            "a declaration for",
        )?;
        add_once(
            &mut record.impediments,
            self.impediments,
            "an impediment for",
        )
    }
}

fn add_once<T>(
    known: &mut BTreeMap<AppId, T>,
    more: BTreeMap<AppId, T>,
    what: &str,
) -> Result<(), ExportError> {
    for (app, value) in more {
        match known.entry(app) {
            Entry::Vacant(place) => {
                place.insert(value);
            }
            Entry::Occupied(place) => {
                let app = place.key();
                let found = format!("{what} the app `{app}` that a file before has as well");
                return Err(ExportError::new(Place::Whole, found, "each of them once"));
            }
        }
    }
    Ok(())
}

//! What one export says of a device, and how several exports of the same device become one record.

use octroi_core::{Observation, Platform, Record, Scope, Source};

use crate::{
    Kind, Options, Readings,
    error::{ExportError, Place},
    note::Note,
    said::Said,
};

/// What one export says.
pub(crate) struct Part {
    /// On which platform.
    pub(crate) claim: Claim,
    /// What it says beside that.
    pub(crate) said: Said,
    /// How far the management of this device can see, whichever of its answers holds the list.
    pub(crate) sees: Scope,
    /// What the management calls the device: two names of one kind are two devices.
    pub(crate) subject: Option<(Kind, String)>,
    pub(crate) notes: Vec<Note>,
}

/// What an export says of the platform.
pub(crate) struct Claim {
    /// The platforms that it can be from.
    pub(crate) possible: &'static [Platform],
    /// The one that is assumed where nobody says more.
    pub(crate) assumed: Option<Platform>,
    /// The possible ones, in words.
    pub(crate) expected: String,
}

impl Part {
    /// A part of which nothing else is known.
    pub(crate) fn new(claim: Claim) -> Self {
        Self {
            claim,
            said: Said::default(),
            sees: Scope::Device,
            subject: None,
            notes: Vec::new(),
        }
    }

    /// The management sees its own part of the device only.
    fn narrow(&mut self) {
        let of_management = |seen: &&mut Observation<'_>| {
            (seen.source, seen.scope) == (Some(Source::Mdm), Scope::Device)
        };
        let mut narrowed = false;
        for seen in self.said.observations.iter_mut().filter(of_management) {
            seen.scope = Scope::Profile;
            narrowed = true;
        }
        if narrowed {
            self.notes.push(Note::ManagedOnly);
        }
    }
}

impl Claim {
    /// The export can be from several platforms.
    pub(crate) fn one_of(
        possible: &'static [Platform],
        assumed: Option<Platform>,
        expected: &str,
    ) -> Self {
        Self {
            possible,
            assumed,
            expected: expected.to_owned(),
        }
    }

    /// The export names its platform; by what, is said in words.
    pub(crate) fn says(platform: Platform, by: &str) -> Self {
        let possible: &'static [Platform] = match platform {
            Platform::Android => &[Platform::Android],
            Platform::Ios => &[Platform::Ios],
            Platform::Macos => &[Platform::Macos],
            Platform::Windows => &[Platform::Windows],
            Platform::Linux => &[Platform::Linux],
            Platform::Chromeos => &[Platform::Chromeos],
        };
        Self {
            possible,
            assumed: None,
            expected: format!("`{}`, {by}", platform.as_str()),
        }
    }

    fn allows(&self, platform: Platform) -> bool {
        self.possible.contains(&platform)
    }

    fn certain(&self) -> Option<Platform> {
        match self.possible {
            [platform] => Some(*platform),
            _ => None,
        }
    }
}

/// Puts together what exports of one device say. An error names the export by its number, from 0.
pub(crate) fn join(parts: Vec<Part>, options: &Options) -> Result<Readings, (usize, ExportError)> {
    let (platform, assumed) = platform(&parts, options.platform)?;
    let narrow = parts.iter().any(|part| part.sees == Scope::Profile);
    let mut record = Record::new(platform);
    let mut notes = Vec::new();
    let mut subjects = Vec::new();
    for (number, mut part) in parts.into_iter().enumerate() {
        if narrow {
            part.narrow();
        }
        if let Some((kind, name)) = part.subject {
            let mut before = subjects.iter();
            if before.any(|(other, known)| *other == kind && *known != name) {
                let found = "another device than in a file before";
                let error = ExportError::new(Place::Whole, found, "exports of one device");
                return Err((number, error));
            }
            subjects.push((kind, name));
        }
        notes.push(part.notes);
        part.said
            .add_to(&mut record)
            .map_err(|error| (number, error))?;
    }
    let in_part = options.scope == Scope::Profile;
    if in_part {
        for seen in &mut record.observations {
            seen.scope = Scope::Profile;
        }
    }
    let listed = !record.observations.is_empty();
    for note in &mut notes {
        // What one export leaves open another tells.
        note.retain(|note| match note {
            Note::AppleAssumedIos => assumed,
            Note::NoList => !listed,
            // What is assumed so that absence can be proven is no matter where it cannot be.
            Note::PmListFilter
            | Note::PmListOneUserAssumed
            | Note::AppleFilter
            | Note::IdeviceinstallerFilter => !in_part,
            _ => true,
        });
    }
    Ok(Readings { record, notes })
}

/// The platform, and whether it is only assumed.
fn platform(
    parts: &[Part],
    told: Option<Platform>,
) -> Result<(Platform, bool), (usize, ExportError)> {
    let claims = || parts.iter().map(|part| &part.claim);
    let named = told.or_else(|| claims().find_map(Claim::certain));
    if let Some(platform) = named {
        return match claims().position(|claim| !claim.allows(platform)) {
            None => Ok((platform, false)),
            Some(number) => {
                let expected = parts.get(number).map(|part| part.claim.expected.clone());
                let expected = expected.unwrap_or_default();
                let error = match told {
                    Some(told) => ExportError::contradiction(told, expected),
                    None => {
                        let found = format!("a device that runs `{}`", platform.as_str());
                        ExportError::new(Place::Whole, found, expected)
                    }
                };
                Err((number, error))
            }
        };
    }
    let assumed = claims().find_map(|claim| claim.assumed);
    assumed.map(|platform| (platform, true)).ok_or_else(|| {
        let expected = "one told, as this export does not say which system the device runs";
        (
            0,
            ExportError::new(Place::Platform, "no platform", expected),
        )
    })
}

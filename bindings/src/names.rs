//! The names of things: texts that are right or refused.

use octroi_core::{AppId, BasisId, NonEmpty, PolicyId};

use crate::errors::OctroiError;

// Named for what they hold, because SwiftUI has a `Label`, and programs have identifiers of many kinds.
pub(crate) type ObservedText = octroi_core::Label<'static>;
pub(crate) type AppIdentifier = octroi_core::Identifier<'static>;

uniffi::custom_type!(
    /// What the catalogue calls an app: `tiktok`. Lower-case letters, digits, `-`, `_` and `.`; anything else is refused.
    AppId, String, {
        remote,
        lower: |id| id.as_str().to_owned(),
        try_lift: |text| Ok(OctroiError::checked(
            AppId::new(&text), "AppId", &text, "an app id: lower-case letters, digits, `-`, `_` and `.`",
        )?),
    }
);

uniffi::custom_type!(
    /// What an issuer calls its policy: `be-brussels-local`. Lower-case letters, digits and `-`; anything else is refused.
    PolicyId, String, {
        remote,
        lower: |id| id.as_str().to_owned(),
        try_lift: |text| Ok(OctroiError::checked(
            PolicyId::new(&text), "PolicyId", &text, "a policy id: lower-case letters, digits and `-`",
        )?),
    }
);

uniffi::custom_type!(
    /// The legal reference of a directive: `CIRC2023/07#2`. Without spaces.
    BasisId, String, {
        remote,
        lower: |id| id.as_str().to_owned(),
        try_lift: |text| Ok(OctroiError::checked(
            BasisId::new(&text), "BasisId", &text, "the id of a directive, without spaces",
        )?),
    }
);

uniffi::custom_type!(
    /// A text of at least one character; an empty one is refused.
    NonEmpty, String, {
        remote,
        lower: |text| text.as_str().to_owned(),
        try_lift: |text| Ok(OctroiError::checked(
            NonEmpty::new(text.as_str()), "NonEmpty", &text, "a text that is not empty",
        )?),
    }
);

uniffi::custom_type!(
    /// A text that was observed, of at least one character: the name of an app, a version, a scheme.
    ObservedText, String, {
        remote,
        lower: |text| text.as_str().to_owned(),
        // Only an empty one is wrong, so no error can hold the name of an app.
        try_lift: |text| Ok(OctroiError::checked(
            ObservedText::new(text), "ObservedText", "", "a text that is not empty",
        )?),
    }
);

uniffi::custom_type!(
    /// The identifier of a package or bundle, exactly as it was seen: `com.zhiliaoapp.musically`. An empty one is refused.
    AppIdentifier, String, {
        remote,
        lower: |id| id.as_str().to_owned(),
        try_lift: |text| Ok(OctroiError::checked(
            AppIdentifier::new(text), "AppIdentifier", "", "an identifier that is not empty",
        )?),
    }
);

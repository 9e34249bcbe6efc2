//! The JSON Schemas of the forms take what the strict readers take, and refuse what those refuse for its shape.
#![expect(
    clippy::unwrap_used,
    reason = "a schema or a document that cannot be read fails the test"
)]

mod agreement;
mod appraisal;
mod assessment;
mod documents;
mod form;
mod places;

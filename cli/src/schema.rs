//! `octroi schema`: the JSON Schemas of the forms.

use crate::{
    Outcome,
    arguments::{Form, Schema},
    failure::Failure,
    page,
};

pub(crate) fn schema(arguments: &Schema) -> Result<Outcome, Failure> {
    page::print(match arguments.form {
        Form::Policy => include_str!("../schemas/policy.schema.json"),
        Form::PolicyPart => include_str!("../schemas/policy-part.schema.json"),
        Form::Deployment => include_str!("../schemas/deployment.schema.json"),
        Form::Record => include_str!("../schemas/record.schema.json"),
        Form::Assessment => include_str!("../schemas/assessment.schema.json"),
        Form::Appraisal => include_str!("../schemas/appraisal.schema.json"),
    })?;
    Ok(Outcome::Good)
}

//! The field's words as types: people, identifiers, dates that may be estimated, working days. No input or output.

//! Children in care, missing, leaving care and court: an invented child goes
//! through each, and each goes wrong in one way.

mod court;
mod help;
mod in_care;
mod leaving;
mod matters;
mod missing;
mod private;
mod regular;

use casework::testing::small_family;

//! The invented council: an imaginary borough from a fixed seed.

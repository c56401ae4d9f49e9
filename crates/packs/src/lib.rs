//! Reads and checks practice packs; decides what is due, what is missing, what may follow. Pure.

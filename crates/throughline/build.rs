//! Builds again when a practice pack or a policy changes: both are part of the
//! program.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../../packs");
    println!("cargo::rerun-if-changed=../../policies");
}

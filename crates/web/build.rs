//! Makes sure the folder of built styles and scripts exists, so that the crate
//! compiles before `make assets` was run, and recompiles after it was.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/dist");
    std::fs::create_dir_all(&built)?;
    println!("cargo::rerun-if-changed={}", built.display());
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}

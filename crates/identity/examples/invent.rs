//! Writes invented records or an index with questions, and the truth:
//! `invent records CHILDREN SEED NOISE FOLDER` or `invent index ...`.

use std::path::Path;

use identity::invent::{write_index, write_records};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [what, n, seed, noise, folder] = args.as_slice() else {
        return Err("invent records|index CHILDREN SEED NOISE FOLDER".into());
    };
    let (n, seed, noise, folder) = (n.parse()?, seed.parse()?, noise.parse()?, Path::new(folder));
    match what.as_str() {
        "index" => write_index(folder, n, 20_000, seed, noise)?,
        _ => println!("{} records", write_records(folder, n, seed, noise)?),
    }
    Ok(())
}

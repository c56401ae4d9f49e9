//! P11: from the start of the demonstration to a usable page, and to the whole
//! borough.

use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::Command;

use super::table::row;

pub(super) async fn run() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let program = std::env::current_exe().context("the program does not know its own file")?;
    let started = Instant::now();
    let mut child = Command::new(program)
        .args(["demo", "--size", "full", "--port", "0", "--data"])
        .arg(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let out = child
        .stdout
        .take()
        .context("the demonstration has no output")?;
    let mut lines = BufReader::new(out).lines();
    let mut ready = false;
    while let Some(line) = lines.next_line().await? {
        if let Some(address) = line.strip_prefix("Throughline is ready at http://") {
            sign_in_page(address).await?;
            let took = started.elapsed().as_secs_f64();
            row(
                "P11",
                "demonstration to the first page",
                format!("{took:.2} s"),
                "5 s",
                "",
            );
            ready = true;
        }
        if line.starts_with("The whole borough is loaded") {
            let took = started.elapsed().as_secs_f64();
            child.kill().await?;
            let (size, copy) = copied(folder.path())?;
            row(
                "P11",
                "whole borough of 12,000 children loaded",
                format!("{took:.1} s"),
                "60 s",
                &format!("{:.0} × writing its {size} MB ({copy:.2} s)", took / copy),
            );
            return Ok(());
        }
    }
    bail!("the demonstration ended before the borough was loaded (it was ready: {ready})")
}

async fn sign_in_page(address: &str) -> Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    let ask = format!("GET /sign-in HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(ask.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    anyhow::ensure!(
        answer.starts_with(b"HTTP/1.1 200"),
        "the sign-in page did not open"
    );
    Ok(())
}

/// How large the record became, in megabytes, and how many seconds this disk
/// takes to write so much.
fn copied(folder: &Path) -> Result<(u64, f64)> {
    let mut from = std::fs::File::open(folder.join("throughline.db"))?;
    let started = Instant::now();
    let mut to = std::fs::File::create(folder.join("yardstick"))?;
    let size = std::io::copy(&mut from, &mut to)?;
    to.sync_all()?;
    Ok((size / 1_000_000, started.elapsed().as_secs_f64()))
}

//! P11: from the start of the demonstration to a usable page, and to the whole
//! borough.

use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::Command;

use super::figure;

pub(super) async fn run() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let program = std::env::current_exe().context("the program does not know its own file")?;
    println!("P11: the demonstration, full size, from an empty folder");
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
            figure(
                "ready line",
                format!("{:.2} s", started.elapsed().as_secs_f64()),
                "",
            );
            sign_in_page(address).await?;
            figure(
                "first page answered",
                format!("{:.2} s", started.elapsed().as_secs_f64()),
                "budget 5 s",
            );
            ready = true;
        }
        if line.starts_with("The whole borough is loaded") {
            figure(
                "whole borough loaded",
                format!("{:.1} s", started.elapsed().as_secs_f64()),
                "budget 60 s",
            );
            child.kill().await?;
            println!();
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

//! A small HTTP client for measuring: one connection that stays open, forms
//! posted and pages read as a browser does, and the time to the first byte.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// One person's browser: a connection and a cookie.
pub(super) struct Client {
    address: SocketAddr,
    stream: Option<BufReader<TcpStream>>,
    /// The cookies, as they are sent.
    pub cookie: String,
    /// Whether answers may come compressed.
    pub compressed: bool,
}

/// What came back.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// The status.
    pub status: u16,
    /// Where a redirect leads.
    pub location: String,
    /// A cookie that was set, as `name=value`.
    pub set_cookie: Vec<String>,
    /// The body as it came over the wire, compressed if it was.
    pub body: Vec<u8>,
    /// From asking to the first byte.
    pub first_byte: Duration,
}

impl Client {
    pub fn new(address: SocketAddr, cookie: String) -> Client {
        Client {
            address,
            stream: None,
            cookie,
            compressed: false,
        }
    }

    /// Gets a page.
    pub async fn get(&mut self, path: &str) -> Result<Answer> {
        self.ask(&format!("GET {path} HTTP/1.1\r\n"), "").await
    }

    /// Posts a form.
    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Result<Answer> {
        let body = serde_urlencoded::to_string(form)?;
        self.ask(&format!("POST {path} HTTP/1.1\r\n"), &body).await
    }

    /// Signs in; the cookie is kept.
    pub async fn sign_in(&mut self, username: &str, password: &str) -> Result<()> {
        let form = [("username", username), ("password", password)];
        let answer = self.post("/sign-in", &form).await?;
        ensure!(
            answer.status == 303,
            "{username} could not sign in: {}",
            answer.status
        );
        let session = answer
            .set_cookie
            .into_iter()
            .find(|c| c.starts_with("tl-session="));
        self.cookie = session.context("signing in sets a cookie")?;
        Ok(())
    }

    async fn ask(&mut self, line: &str, body: &str) -> Result<Answer> {
        // A connection that broke is opened anew at the next question.
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => {
                let stream = TcpStream::connect(self.address).await?;
                stream.set_nodelay(true)?;
                BufReader::with_capacity(64 << 10, stream)
            }
        };
        let mut ask = format!("{line}Host: {0}\r\nOrigin: http://{0}\r\n", self.address);
        if self.compressed {
            ask.push_str("Accept-Encoding: br\r\n");
        }
        if !self.cookie.is_empty() {
            ask.push_str(&format!("Cookie: {}\r\n", self.cookie));
        }
        if line.starts_with("POST") {
            ask.push_str("Content-Type: application/x-www-form-urlencoded\r\n");
            ask.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        ask.push_str("\r\n");
        ask.push_str(body);
        let started = Instant::now();
        stream.get_mut().write_all(ask.as_bytes()).await?;
        let some = stream.fill_buf().await?;
        ensure!(!some.is_empty(), "the connection was closed");
        let first_byte = started.elapsed();
        let mut answer = read(&mut stream).await?;
        answer.first_byte = first_byte;
        self.stream = Some(stream);
        Ok(answer)
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Result<Answer> {
    let mut answer = Answer::default();
    let status = line(stream).await?;
    answer.status = status
        .split(' ')
        .nth(1)
        .and_then(|s| s.parse().ok())
        .with_context(|| format!("not an answer in HTTP: {status}"))?;
    let (mut length, mut chunked) = (None, false);
    loop {
        let header = line(stream).await?;
        if header.is_empty() {
            break;
        }
        let Some((name, value)) = header.split_once(':') else {
            bail!("not a header: {header}");
        };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = Some(value.parse::<usize>()?),
            "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
            "location" => value.clone_into(&mut answer.location),
            "set-cookie" => {
                let pair = value.split(';').next().unwrap_or_default();
                answer.set_cookie.push(pair.to_owned());
            }
            _ => {}
        }
    }
    if chunked {
        loop {
            let size = line(stream).await?;
            let size = usize::from_str_radix(&size, 16).context("the size of a chunk")?;
            let start = answer.body.len();
            answer.body.resize(start + size, 0);
            stream.read_exact(&mut answer.body[start..]).await?;
            ensure!(line(stream).await?.is_empty(), "a chunk ends with its line");
            if size == 0 {
                break;
            }
        }
    } else {
        let none = matches!(answer.status, 204 | 304);
        let length = length.or(none.then_some(0));
        answer.body = vec![0; length.context("an answer without a length")?];
        stream.read_exact(&mut answer.body).await?;
    }
    Ok(answer)
}

/// A line without its end.
async fn line(stream: &mut BufReader<TcpStream>) -> Result<String> {
    let mut line = String::new();
    let n = stream.read_line(&mut line).await?;
    ensure!(
        n > 0 && line.ends_with('\n'),
        "the connection was closed in the middle of an answer"
    );
    Ok(line.trim_end().to_owned())
}

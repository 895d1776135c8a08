use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

/// How long anything may take that is to happen soon: a bound for a hang, on a machine that is busy with other tests.
pub const SOON: Duration = Duration::from_secs(60);

/// The program, running. It is killed when the test ends without having stopped it.
pub struct Backend {
    child: Child,
    stdout: BufReader<ChildStdout>,
    stderr: Receiver<String>,
    seen: Vec<String>,
    pub url: String,
}

/// An answer as it came over the wire.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Backend {
    /// Starts it on a free port, and waits until it says where.
    pub fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tokenhold-backend"))
            .args(["--port", "0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let stderr = lines(child.stderr.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let url = line
            .strip_prefix("listening on ")
            .unwrap()
            .trim_end()
            .to_owned();
        Self {
            child,
            stdout,
            stderr,
            seen: Vec::new(),
            url,
        }
    }

    pub fn connect(&self) -> TcpStream {
        let stream = self.try_connect().unwrap();
        stream.set_read_timeout(Some(SOON)).unwrap();
        stream
    }

    pub fn try_connect(&self) -> std::io::Result<TcpStream> {
        let (_, port) = self.url.rsplit_once(':').unwrap();
        TcpStream::connect(("127.0.0.1", port.parse().unwrap()))
    }

    /// Waits for a line on the console that contains this.
    pub fn wait_for_line(&mut self, part: &str) -> String {
        loop {
            let line = self
                .stderr
                .recv_timeout(SOON)
                .unwrap_or_else(|_| panic!("{part:?} after {:?}", self.seen));
            self.seen.push(line.clone());
            if line.contains(part) {
                return line;
            }
        }
    }

    pub fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        assert!(
            Command::new("sh")
                .args(["-c", &kill])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Waits for the end. Gives how it ended, what else was printed, and all that came on the console.
    pub fn finish(mut self) -> (ExitStatus, String, Vec<String>) {
        let mut printed = String::new();
        self.stdout.read_to_string(&mut printed).unwrap();
        let status = self.child.wait().unwrap();
        let mut seen = std::mem::take(&mut self.seen);
        seen.extend(self.stderr.iter());
        (status, printed, seen)
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        // It has ended already in every test that passes.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends one request over a connection that is closed afterwards.
pub fn exchange(mut stream: impl Read + Write, request: &str) -> Answer {
    stream.write_all(request.as_bytes()).unwrap();
    read_answer(stream)
}

/// Reads an answer until the other side closes.
pub fn read_answer(mut stream: impl Read) -> Answer {
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer {
        status,
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

/// A request with these lines in its head, and this body.
pub fn request(method_and_path: &str, head: &[&str], body: &str) -> String {
    let head: String = head.iter().map(|line| format!("{line}\r\n")).collect();
    let length = body.len();
    format!(
        "{method_and_path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Content-Length: {length}\r\n{head}\r\n{body}"
    )
}

impl Answer {
    /// The session's cookie in `Set-Cookie`, as `name=value`.
    pub fn cookie(&self) -> &str {
        let (_, set) = self.head.split_once("set-cookie: ").unwrap();
        set.split(';').next().unwrap()
    }

    pub fn token(&self) -> &str {
        let (_, rest) = self.body.split_once(r#""access_token":""#).unwrap();
        rest.split('"').next().unwrap()
    }
}

/// Reads lines as they come, so that the other side never waits for us.
fn lines(from: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(from).lines() {
            let Ok(()) = sender.send(line.unwrap()) else {
                return;
            };
        }
    });
    receiver
}

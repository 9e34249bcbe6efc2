//! Running a program that may never end.

use std::{
    io::{self, Read},
    process::{Command, Output, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::{Duration, Instant},
};

/// How long to wait before asking again whether a program that said all it says has ended.
const PAUSE: Duration = Duration::from_millis(10);

/// What the program prints and how it ends, or `TimedOut` if it has not ended by then; it is stopped.
pub(super) fn ask(command: &mut Command, limit: Duration) -> io::Result<Output> {
    let end = Instant::now() + limit;
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let (stdout, stderr) = (drain(child.stdout.take()), drain(child.stderr.take()));
    let answer = (|| {
        let (stdout, stderr) = (by(end, &stdout)?, by(end, &stderr)?);
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(Output {
                    status,
                    stdout,
                    stderr,
                });
            }
            if Instant::now() >= end {
                return Err(io::ErrorKind::TimedOut.into());
            }
            thread::sleep(PAUSE);
        }
    })();
    if answer.is_err() {
        // It may have ended just now, which is as good.
        let _ = child.kill();
        let _ = child.wait();
    }
    answer
}

/// Reads to the end aside, so that neither stream waits for the other. A program that the program started may keep a stream open
/// for longer than this one runs: nobody waits for the thread.
fn drain(stream: Option<impl Read + Send + 'static>) -> Receiver<io::Result<Vec<u8>>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = stream.map_or(Ok(0), |mut stream| stream.read_to_end(&mut bytes));
        // Nobody listens any more where the time is over.
        let _ = sender.send(read.map(|_| bytes));
    });
    receiver
}

fn by(end: Instant, stream: &Receiver<io::Result<Vec<u8>>>) -> io::Result<Vec<u8>> {
    let left = end.saturating_duration_since(Instant::now());
    let read = stream.recv_timeout(left);
    read.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str, limit: Duration) -> io::Result<Output> {
        ask(Command::new("sh").args(["-c", script]), limit)
    }

    #[test]
    fn a_program_that_does_not_end_is_not_waited_for() {
        for script in [
            "sleep 600",
            "echo package:android; exec sleep 600",
            "exec >&- 2>&-; sleep 600",
            "sleep 600 & exit 0",
        ] {
            let start = Instant::now();
            let error = sh(script, Duration::from_millis(300)).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::TimedOut, "{script}");
            assert!(start.elapsed() < Duration::from_secs(60), "{script}");
        }
    }

    #[test]
    fn an_answer_longer_than_a_pipe_holds_comes_whole() {
        let script = "head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2; exit 3";
        let output = sh(script, Duration::from_secs(60)).unwrap();
        assert_eq!(
            (output.stdout.len(), output.stderr.len()),
            (300_000, 300_000)
        );
        assert_eq!(output.status.code(), Some(3));
    }
}

//! The real program as a process: its exit codes, its signals, and what it says.

use std::{
    io::Read,
    process::{Child, Command, Stdio},
    sync::Arc,
    thread::JoinHandle,
    time::Duration,
};

use crate::fake::{Fake, payload::Said};

/// A token that could be one; it must be seen nowhere.
const TOKEN: &str = "c2VjcmV0.token.of-a-bot";

/// The program while it runs. What it writes is read all along: a full pipe would hold it up.
pub struct Program {
    child: Child,
    /// Its configuration and its database.
    pub folder: Arc<tempfile::TempDir>,
    said: Vec<JoinHandle<Vec<u8>>>,
}

impl Program {
    fn start(base: &str) -> Self {
        let articles = concat!(env!("CARGO_MANIFEST_DIR"), "/data/articles");
        let said =
            format!("[archive]\npaths = [{articles:?}]\n[store]\nurl = \"sqlite://kept.db\"\n");
        Self::start_with(base, &said)
    }

    /// With this configuration, in a folder of its own.
    pub fn start_with(base: &str, config: &str) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        std::fs::write(folder.path().join("dateline.toml"), config).unwrap();
        Self::start_in(base, folder)
    }

    /// With the configuration that is in a folder.
    pub fn start_in(base: &str, folder: Arc<tempfile::TempDir>) -> Self {
        Self::start_under(base, folder, &[])
    }

    /// The same with this in its environment.
    pub fn start_under(
        base: &str,
        folder: Arc<tempfile::TempDir>,
        environment: &[(&str, &std::path::Path)],
    ) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dateline"))
            .arg("--config")
            .arg(folder.path().join("dateline.toml"))
            .arg("discord")
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("DISCORD_TOKEN", TOKEN)
            .env("DISCORD_API_BASE", base)
            .env("RUST_LOG", "trace")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let out = child.stdout.take().map(read);
        let err = child.stderr.take().map(read);
        let said = out.into_iter().chain(err).collect();
        Self {
            child,
            folder,
            said,
        }
    }

    /// Gives it another configuration, which it has not read yet.
    pub fn configure(&self, config: &str) {
        std::fs::write(self.folder.path().join("dateline.toml"), config).unwrap();
    }

    /// Sends it a signal by its name.
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill")
            .args(["-s", name, &pid])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    /// Ends it at once, as a power cut would.
    pub async fn kill(mut self) {
        self.child.kill().unwrap();
        let (status, _) = self.ended().await;
        assert_eq!(status, None, "it was killed");
    }

    /// Waits for the end: the exit code, and all that was written.
    pub async fn ended(mut self) -> (Option<i32>, String) {
        let ending = tokio::task::spawn_blocking(move || {
            let status = self.child.wait().unwrap();
            let said = self.said.into_iter().flat_map(|said| said.join().unwrap());
            let said: Vec<u8> = said.collect();
            (status.code(), String::from_utf8_lossy(&said).into_owned())
        });
        let ended = tokio::time::timeout(Duration::from_mins(1), ending).await;
        ended.expect("the program ends").unwrap()
    }
}

fn read(mut pipe: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut said = Vec::new();
        pipe.read_to_end(&mut said).unwrap();
        said
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_token_ends_the_program_with_2_and_one_human_sentence() {
    for (code, words) in [(4004, "Reset Token"), (4014, "Message Content Intent")] {
        let fake = Fake::start().await;
        fake.refuse(code);
        let (status, said) = Program::start(&fake.base).ended().await;
        assert_eq!(status, Some(2), "{said}");
        assert!(said.contains(words), "{said}");
        assert!(!said.contains(TOKEN), "the token was written");
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigterm_and_ctrl_c_end_the_program_with_0_after_its_answers() {
    for signal in ["TERM", "INT"] {
        let fake = Fake::start().await;
        let program = Program::start(&fake.base);
        fake.ready(1).await;
        fake.registered().await;
        let said = Said::new("!quote heart");
        let id = fake.shared.id();
        fake.event("MESSAGE_CREATE", &said.json(id));
        fake.until("the answer", |world| {
            let answered = world
                .messages
                .iter()
                .any(|shown| shown.text().contains("heart"));
            answered.then_some(())
        })
        .await;
        program.signal(signal);
        // The database lies beside the configuration that names it.
        assert!(program.folder.path().join("kept.db").exists());
        let (status, said) = program.ended().await;
        assert_eq!(status, Some(0), "{signal}: {said}");
        assert!(!said.contains(TOKEN), "the token was written");
    }
}

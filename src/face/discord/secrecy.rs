//! Keeps the token within the process.
//!
//! A core dump holds the memory of a program, and with it the token; so does `/proc/<pid>/mem`, and
//! `/proc/<pid>/environ` the environment in which it was given. A process that says it is not to be dumped leaves
//! no core, and on Linux no other process of the same user may look into it (`prctl(2)`, `PR_SET_DUMPABLE`).
//!
//! Left out: an administrator, who may look into every process, and systems that are neither Linux nor Unix.

/// Asks the system to show this process's memory and environment to nobody.
pub fn keep() {
    #[cfg(target_os = "linux")]
    if let Err(error) = nix::sys::prctl::set_dumpable(false) {
        tracing::warn!(%error, "others of the same user may look into the process");
    }
    #[cfg(unix)]
    if let Err(error) =
        nix::sys::resource::setrlimit(nix::sys::resource::Resource::RLIMIT_CORE, 0, 0)
    {
        tracing::warn!(%error, "a crash may leave a core dump, which would hold the token");
    }
}

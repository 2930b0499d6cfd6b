//! What is left after a fault: a torn file, a process that was killed, a full disk, a permission that is lost.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
    thread,
    time::Duration,
};

use dateline::{archive::Archive, index::Opened};

use super::{Place, language, until, with};

/// The index of one article about a heron, closed.
fn heron() -> Place {
    let place = Place::new();
    place.write(
        "a.txt",
        "date 2020-01-01\n\nThe heron came on 3 March 2019.\n",
    );
    let (archive, _) = place.open();
    place.refresh(&archive);
    place
}

#[test]
fn an_index_with_a_torn_file_is_read_again_from_the_articles() {
    let place = heron();
    let own = own_folder(&place);
    let files: Vec<PathBuf> = fs::read_dir(&own)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| fs::metadata(path).unwrap().len() > 0)
        .collect();
    assert!(files.len() > 5);
    let kept = tempfile::tempdir().unwrap();
    for file in &files {
        fs::copy(file, kept.path().join(file.file_name().unwrap())).unwrap();
    }
    for torn in &files {
        for (part, whole) in [(0, 1), (1, 2)] {
            fs::remove_dir_all(&place.index).unwrap();
            fs::create_dir_all(&own).unwrap();
            for file in &files {
                fs::copy(kept.path().join(file.file_name().unwrap()), file).unwrap();
            }
            let length = fs::metadata(torn).unwrap().len();
            let file = fs::OpenOptions::new().write(true).open(torn).unwrap();
            file.set_len(length * part / whole).unwrap();
            drop(file);
            let (archive, opened) = place.open();
            place.refresh(&archive);
            assert_eq!(
                with(&archive, "heron"),
                ["a"],
                "{} {opened:?}",
                torn.display()
            );
            assert_eq!(archive.size().unwrap().articles, 1);
        }
    }
}

#[test]
fn what_an_unfinished_merge_left_is_removed_at_the_next_start() {
    let place = heron();
    // A merge writes down its files before it writes them, under the name of a segment that no commit names.
    let own = own_folder(&place);
    let left = "0123456789abcdef0123456789abcdef.store";
    let list = own.join(".managed.json");
    let listed = fs::read_to_string(&list).unwrap();
    fs::write(&list, listed.replacen('[', &format!("[\"{left}\","), 1)).unwrap();
    fs::write(own.join(left), "half a segment").unwrap();
    let (archive, opened) = place.open();
    assert_eq!(opened, Opened::Existing);
    until("its files are gone", || !own.join(left).exists());
    assert_eq!(with(&archive, "heron"), ["a"]);
}

#[test]
fn a_folder_that_cannot_be_used_is_named_with_the_reason() {
    let place = Place::new();
    fs::write(&place.index, "a file").unwrap();
    let told = Archive::in_folder(&place.index, language())
        .err()
        .unwrap()
        .to_string();
    assert!(told.contains(&place.index.display().to_string()), "{told}");
    assert!(told.contains("cannot be made"), "{told}");
}

/// Many small articles in some files.
fn many(folder: &Path, files: usize, each: usize) {
    for file in 0..files {
        let lines: Vec<String> = (0..each)
            .map(|line| {
                format!(
                    r#"{{"id":"{file}-{line}","date":"2020-01-01","text":"Bird {line} of flock {file} came."}}"#
                )
            })
            .collect();
        fs::write(folder.join(format!("{file:03}.jsonl")), lines.join("\n")).unwrap();
    }
}

fn index_command(place: &Place) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
    command
        .arg("--archive")
        .arg(&place.articles)
        .arg("--index")
        .arg(&place.index)
        .arg("index")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

#[test]
fn killed_at_any_moment_the_next_start_finds_the_last_commit_and_reads_the_rest() {
    let place = Place::new();
    let all = 20 * 300;
    many(&place.articles, 20, 300);
    let language = language();
    let (mut seen, mut partly, mut whole) = (0, 0, 0);
    for round in 0..50_u64 {
        let mut process = index_command(&place).spawn().unwrap();
        // Now before the first article is read, now between two commits, in an order without order.
        thread::sleep(Duration::from_millis(40 + 13 * (round * 37 % 50)));
        process.kill().unwrap();
        process.wait().unwrap();
        let (archive, _) = Archive::in_folder(&place.index, Arc::clone(&language)).unwrap();
        let size = archive.size().unwrap();
        drop(archive);
        // No commit is lost, and none is there by half.
        assert!(size.articles >= seen, "{} after {seen}", size.articles);
        assert_eq!(size.articles, size.passages);
        seen = size.articles;
        partly += u32::from(seen > 0 && seen < all);
        if seen == all {
            // There is nothing left to be interrupted in.
            fs::remove_dir_all(&place.index).unwrap();
            (seen, whole) = (0, whole + 1);
        }
    }
    assert!(index_command(&place).status().unwrap().success());
    let (archive, opened) = place.open();
    assert_eq!(opened, Opened::Existing);
    assert_eq!(archive.size().unwrap().articles, all);
    assert_eq!(with(&archive, "flock").len(), 100);
    println!("{partly} kills found a part committed, {whole} times all was");
}

/// Makes `command` one that permissions bind, as they do not bind whoever runs the tests as root.
#[cfg(target_os = "linux")]
fn bound_by_permissions(command: &Command) -> Command {
    let mut bound = Command::new("setpriv");
    bound
        .arg("--bounding-set=-dac_override,-dac_read_search")
        .arg(command.get_program())
        .args(command.get_args())
        .stdout(Stdio::null());
    bound
}

#[cfg(target_os = "linux")]
#[test]
fn where_the_permission_to_write_is_lost_the_last_commit_stays_and_the_rest_comes_when_it_is_back()
{
    use std::os::unix::fs::PermissionsExt;

    let place = Place::new();
    place.write("a.txt", "date 2020-01-01\n\nThe heron came.\n");
    let (archive, _) = place.open();
    place.refresh(&archive);
    drop(archive);
    let own = own_folder(&place);
    let allow = |mode| fs::set_permissions(&own, fs::Permissions::from_mode(mode)).unwrap();
    let commits = || fs::read(own.join("meta.json")).unwrap();
    many(&place.articles, 40, 300);
    allow(0o555);
    let privileged = fs::write(own.join("probe"), "").is_ok();
    let _ = fs::remove_file(own.join("probe"));
    allow(0o755);
    let run = |command: Command| {
        if privileged {
            bound_by_permissions(&command)
        } else {
            command
        }
    };

    // In the middle of the work.
    let before = commits();
    let process = run(index_command(&place))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    until("the first commit", || commits() != before);
    allow(0o555);
    let told = process.wait_with_output().unwrap();
    assert!(!told.status.success());
    let told = String::from_utf8(told.stderr).unwrap();
    assert!(told.contains("Permission denied"), "{told}");
    let committed = {
        let (archive, _) = place.open();
        assert_eq!(with(&archive, "heron"), ["a"]);
        archive.size().unwrap()
    };
    assert!(
        committed.articles > 1 && committed.articles < 12_001,
        "{committed:?}"
    );
    assert_eq!(committed.articles, committed.passages);

    // And from the beginning.
    let told = run(index_command(&place))
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert!(!told.status.success());
    let told = String::from_utf8(told.stderr).unwrap();
    assert!(told.contains("Permission denied"), "{told}");
    assert!(told.contains(&place.index.display().to_string()), "{told}");

    allow(0o755);
    assert!(run(index_command(&place)).status().unwrap().success());
    let (archive, opened) = place.open();
    assert_eq!(opened, Opened::Existing);
    assert_eq!(archive.size().unwrap().articles, 12_001);
}

/// The folder of the index's one version.
fn own_folder(place: &Place) -> PathBuf {
    let mut folders = fs::read_dir(&place.index).unwrap();
    folders.next().unwrap().unwrap().path()
}

/// A small file system of its own in memory, unmounted at the end.
#[cfg(target_os = "linux")]
struct SmallDisk(PathBuf);

#[cfg(target_os = "linux")]
impl SmallDisk {
    fn mount(at: &Path, size: &str) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(at)
            .stderr(Stdio::null())
            .status();
        mounted
            .is_ok_and(|status| status.success())
            .then(|| Self(at.to_owned()))
    }
}

#[cfg(target_os = "linux")]
impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_full_disk_the_last_commit_stays_and_the_rest_comes_when_there_is_room() {
    let place = Place::new();
    let Some(_disk) = SmallDisk::mount(&place.index, "1m") else {
        println!("not tested: only root may mount a small disk");
        return;
    };
    place.write("a.txt", "date 2020-01-01\n\nThe heron came.\n");
    let (archive, _) = place.open();
    place.refresh(&archive);
    let ballast = place.index.join("ballast");
    // All that is left, taken.
    let _ = fs::write(&ballast, vec![1; 1 << 20]);

    place.write("b.txt", "date 2020-01-02\n\nThe otter came.\n");
    let told = archive
        .refresh(std::slice::from_ref(&place.articles), &|_| {})
        .unwrap_err()
        .to_string();
    assert!(told.contains("space"), "{told}");
    assert_eq!(with(&archive, "came"), ["a"]);

    fs::remove_file(&ballast).unwrap();
    place.refresh(&archive);
    assert_eq!(with(&archive, "came"), ["a", "b"]);
    drop(archive);
    let (archive, opened) = place.open();
    assert_eq!(opened, Opened::Existing);
    assert_eq!(with(&archive, "came"), ["a", "b"]);
}

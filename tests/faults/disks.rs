//! Small disks of one's own: mounted for a test, filled, cut from their power, and gone at its end.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::skipped;

/// A mounted disk.
pub struct Disk {
    holder: tempfile::TempDir,
    folder: PathBuf,
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.folder).output();
    }
}

fn done(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|fault| fault.to_string())?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()) }
}

impl Disk {
    /// A disk in memory with this much room; says aloud why there is none.
    pub fn in_memory(mebibytes: usize, for_what: &str) -> Option<Self> {
        let disk = Self::unmounted();
        let size = format!("size={mebibytes}m");
        disk.mounted(Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]), for_what)
    }

    /// A disk with a journal (ext4), kept in a file; says aloud why there is none.
    pub fn with_journal(mebibytes: u64, for_what: &str) -> Option<Self> {
        let disk = Self::unmounted();
        let image = fs::File::create(disk.image()).unwrap();
        image.set_len(mebibytes << 20).unwrap();
        if let Err(fault) = done(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(disk.image())) {
            skipped(for_what, &format!("no ext4 can be made: {fault}"));
            return None;
        }
        let image = disk.image();
        disk.mounted(Command::new("mount").args(["-o", "loop"]).arg(image), for_what)
    }

    fn unmounted() -> Self {
        let holder = tempfile::tempdir().unwrap();
        let folder = holder.path().join("disk");
        fs::create_dir(&folder).unwrap();
        Self { holder, folder }
    }

    fn mounted(self, mount: &mut Command, for_what: &str) -> Option<Self> {
        match done(mount.arg(&self.folder)) {
            Ok(()) => Some(self),
            Err(fault) => {
                skipped(for_what, &format!("nothing can be mounted here: {fault}"));
                None
            }
        }
    }

    fn image(&self) -> PathBuf {
        self.holder.path().join("image")
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Fills it to the last byte.
    pub fn fill(&self) {
        let mut filler = fs::File::options().create(true).append(true).open(self.folder.join("filler")).unwrap();
        for size in [1 << 16, 1 << 12, 1 << 6, 1] {
            while filler.write(&vec![0; size]).is_ok_and(|written| written > 0) {}
        }
    }

    /// Gives the room back.
    pub fn free(&self) {
        fs::remove_file(self.folder.join("filler")).unwrap();
    }

    /// Cuts the power: what has not reached the disk by now never will (EXT4_IOC_SHUTDOWN without flushing its log).
    pub fn cut_power(&self) -> Result<(), String> {
        const CUT: &str = "import fcntl, os, struct, sys; fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack('I', 2))";
        done(Command::new("python3").args(["-c", CUT]).arg(&self.folder))
    }

    /// Makes it read-only the way the kernel does when it finds a fault.
    pub fn give_up_writing(&self) -> Result<(), String> {
        done(Command::new("mount").args(["-o", "remount,abort"]).arg(&self.folder))
    }

    /// Mounts it anew, as after a start of the machine, which looks at its disks first.
    pub fn begin_again(&self) {
        let mut unmounted = Err(String::new());
        for _ in 0..100 {
            unmounted = done(Command::new("umount").arg(&self.folder));
            if unmounted.is_ok() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        unmounted.unwrap();
        self.wait_until_detached();
        let looked = Command::new("e2fsck").arg("-p").arg(self.image()).output().unwrap();
        // 1: mended by itself. More would ask for a person.
        assert!(looked.status.code().is_some_and(|code| code <= 1), "the file system cannot be mended: {looked:?}");
        let mounted = done(Command::new("mount").args(["-o", "loop"]).arg(self.image()).arg(&self.folder));
        let kernel = || String::from_utf8_lossy(&Command::new("dmesg").output().unwrap().stdout).into_owned();
        assert!(mounted.is_ok(), "{mounted:?}\n{}", kernel().lines().rev().take(10).collect::<Vec<_>>().join("\n"));
    }

    /// Its loop device is let go a moment after it was unmounted; until then two devices would write to one image.
    fn wait_until_detached(&self) {
        for _ in 0..100 {
            let held = Command::new("losetup").arg("--associated").arg(self.image()).output().unwrap();
            if held.stdout.is_empty() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("the loop device of the disk is held by somebody");
    }
}

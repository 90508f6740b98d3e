# Within fresh namespaces: lays an overlay over a system, puts Rolecall in it (unless a package shall do it), and becomes its systemd.
set -euo pipefail
lower=$1 work=$2 bin=$3 packaging=$4

mount -t tmpfs -o mode=755 tmpfs "$work"
mkdir "$work/upper" "$work/over" "$work/root"
mount -t overlay overlay -o "lowerdir=$lower,upperdir=$work/upper,workdir=$work/over" "$work/root"
root=$work/root

mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
mknod -m 666 "$root/dev/null" c 1 3
mknod -m 666 "$root/dev/zero" c 1 5
mknod -m 666 "$root/dev/full" c 1 7
mknod -m 666 "$root/dev/random" c 1 8
mknod -m 666 "$root/dev/urandom" c 1 9
mknod -m 666 "$root/dev/tty" c 5 0
ln -s /proc/self/fd "$root/dev/fd"
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"

# No disks, no seats, no network but loopback: what would wait for them stays out.
units=$root/etc/systemd/system
mkdir -p "$units"
for unit in systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-udev-trigger.service \
    systemd-logind.service systemd-resolved.service systemd-networkd.service systemd-networkd.socket systemd-timesyncd.service \
    systemd-remount-fs.service systemd-sysctl.service systemd-modules-load.service systemd-firstboot.service ldconfig.service \
    getty.target console-getty.service systemd-ask-password-wall.path systemd-ask-password-console.path \
    apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer dpkg-db-backup.timer man-db.timer; do
    ln -sf /dev/null "$units/$unit"
done
: >"$root/etc/fstab"
: >"$root/etc/machine-id"

if [ -n "$bin" ]; then
    install -m 755 "$bin" "$root/usr/bin/rolecall"
    install -m 644 "$packaging/systemd/rolecall.service" "$packaging/systemd/rolecall.socket" "$units/"
    mkdir -p "$root/etc/rolecall" "$root/etc/credstore" "$root/usr/share/doc/rolecall"
    chmod 700 "$root/etc/credstore"
    : >"$root/usr/share/doc/rolecall/OPERATIONS.md"
fi

ip link set lo up
mkdir -p "$root/old"
cd "$root"
pivot_root . old
# Without this, LoadCredential= shows an empty folder to the service.
mount --make-rshared /
umount -l /old
export container=rolecall-test
exec /lib/systemd/systemd --system --unit=basic.target --log-target=journal --show-status=no

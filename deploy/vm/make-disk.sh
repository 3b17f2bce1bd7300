#!/bin/bash
# Makes the root file system of the virtual machine from Debian's packages: `make-disk.sh DIRECTORY SUITE PACKAGE...` leaves
# disk.img, vmlinuz and initrd in DIRECTORY. Runs in a mount namespace of its own, so that whatever ends it leaves no mount.
set -euo pipefail
out=$1 suite=$2
shift 2
root=$out/root
here=$(dirname "$(readlink -f "$0")")

debootstrap --variant=minbase "$suite" "$root"

# No service is started, and none waits for a network that is not there.
printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount --bind /dev "$root/dev"
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
chroot "$root" apt-get -q update
chroot "$root" apt-get -q -y -o Dpkg::Use-Pty=0 install --no-install-recommends "$@"
rm "$root/usr/sbin/policy-rc.d"
rm -rf "$root"/var/cache/apt/*.bin "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
for unit in containerd docker-registry e2scrub_reap apt-daily.timer apt-daily-upgrade.timer; do
  case $unit in *.*) ;; *) unit=$unit.service ;; esac
  ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
echo cri-ts-vm > "$root/etc/hostname"
echo '127.0.0.1 localhost cri-ts-vm' > "$root/etc/hosts"
: > "$root/etc/resolv.conf"
: > "$root/etc/fstab"
mkdir -p "$root/work"
cp "$here/cri-ts-tests.service" "$root/etc/systemd/system/"
ln -s ../cri-ts-tests.service "$root/etc/systemd/system/multi-user.target.wants/cri-ts-tests.service"

# The labels that a machine booted with SELinux expects; without it nobody looks at them. By a second mount, which shows what
# lies below /dev, /proc and /sys.
cp "$here/containers.cil" "$root/tmp/"
chroot "$root" semodule -s default -n -i /tmp/containers.cil
rm "$root/tmp/containers.cil"
sed -i 's/^SELINUX=.*/SELINUX=permissive/' "$root/etc/selinux/config"
mount --bind "$root" "$root/mnt"
chroot "$root" setfiles -F -r /mnt /etc/selinux/default/contexts/files/file_contexts /mnt
umount "$root/mnt" "$root/dev" "$root/sys" "$root/proc"

cp "$root"/boot/vmlinuz-* "$out/vmlinuz"
cp "$root"/boot/initrd.img-* "$out/initrd"
mke2fs -q -t ext4 -d "$root" "$out/disk.img" 6G
rm -rf "$root"

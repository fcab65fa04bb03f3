#!/bin/sh
# Usage: unshare --mount --pid --fork --kill-child in-chroot.sh BASE WORK SHARED COMMAND...
#
# Runs a command as root of a throw-away copy of BASE. WORK is private to this run: what
# changes goes to WORK/upper, WORK/io is /io inside. SHARED keeps downloads from run to
# run. The mounts end with the mount namespace, so nothing has to be undone.
set -eu
base=$1 work=$2 shared=$3
shift 3
scripts=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$work/upper" "$work/overlay" "$work/root" "$work/io" "$shared/debs/partial" "$shared/cache"
mount --make-rprivate /
mount -t overlay overlay -o "lowerdir=$base,upperdir=$work/upper,workdir=$work/overlay" "$work/root"
root=$work/root
mkdir -p "$root/io" "$root/judge" "$root/var/cache/judge"
mount --bind "$work/io" "$root/io"
mount --bind "$scripts" "$root/judge"
mount --bind "$shared/cache" "$root/var/cache/judge"
mount --bind "$shared/debs" "$root/var/cache/apt/archives"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/tmp"
cp --dereference /etc/resolv.conf "$root/etc/resolv.conf"
printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
exec chroot "$root" "$@"

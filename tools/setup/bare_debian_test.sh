#!/usr/bin/env bash
# Tries a command in a bare Debian 12, with the committed state of this clone and nothing else.
#
# Usage (as root, after setup.sh --profile all):
#   tools/setup/bare_debian_test.sh [--keep] [--user] [COMMAND...]     default: make up && make down && make test
#   TARN_BARE_DIR=DIR   where the system is made (default /var/tmp/tarn-bare; about 8 GB at the end)
#   --keep              leaves the system there, for a look inside
#   --user              runs the command as a user whom sudo asks for no password, instead of as root
#
# The system is what debootstrap calls minbase, plus make: no compiler, no Python, no git. Processes
# and mounts are in namespaces of their own, so that whatever the command leaves behind ends with it;
# the network is this machine's. How this machine reaches the package registries is carried along:
# package sources, name resolution, certificates of local authorities, settings of pip and npm.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
dir=${TARN_BARE_DIR:-/var/tmp/tarn-bare}
keep= user=
while [[ "${1:-}" == --* ]]; do
  case $1 in
    --keep) keep=1 ;;
    --user) user=tester ;;
    *) echo "bare_debian_test: unknown option $1" >&2; exit 2 ;;
  esac
  shift
done
command=${*:-make up && make down && make test}
[ "$(id -u)" -eq 0 ] || { echo "bare_debian_test: needs root, for chroot" >&2; exit 1; }
say() { echo "bare_debian_test: $*"; }
timed() {
  local begin=$SECONDS
  "$@"
  say "$((SECONDS - begin)) s"
}

mirror=$(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/*.sources 2>/dev/null | head -n 1)
[ -n "$mirror" ] || mirror=$(sed -n 's/^deb \(\[.*\] \)\?\([^ ]*\).*/\2/p' /etc/apt/sources.list | head -n 1)

# The bare system is kept for the next time; each test gets a copy.
if [ ! -e "$dir/base.done" ]; then
  say "making a bare Debian 12 in $dir"
  rm -rf "$dir/base"
  mkdir -p "$dir"
  timed debootstrap --variant=minbase --include=make bookworm "$dir/base" "$mirror" \
    >"$dir/debootstrap.log" 2>&1 || { tail -n 20 "$dir/debootstrap.log" >&2; exit 1; }
  touch "$dir/base.done"
fi
rm -rf "$dir/root"
cp -a "$dir/base" "$dir/root"
root=$dir/root

rm -f "$root/etc/apt/sources.list"
cp -a /etc/apt/sources.list.d/*.sources "$root/etc/apt/sources.list.d/" 2>/dev/null ||
  cp -a /etc/apt/sources.list "$root/etc/apt/"
for file in $(grep -ls Acquire /etc/apt/apt.conf.d/*); do
  cp -a "$file" "$root/etc/apt/apt.conf.d/"
done
cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
# The package ca-certificates adds what lies here to the system's authorities.
mkdir -p "$root/usr/local/share/ca-certificates"
cp -a /usr/local/share/ca-certificates/. "$root/usr/local/share/ca-certificates/"
for file in /etc/pip.conf /root/.npmrc /root/.config/pip/pip.conf; do
  if [ -e "$file" ]; then
    mkdir -p "$root$(dirname "$file")"
    cp -a "$file" "$root$file"
  fi
done
mapfile -t carried < <(env | grep -iE '^(pip_|npm_config_|node_extra_ca_certs|ssl_cert_|requests_ca|(http|https|no|all)_proxy)')

home=/root
if [ -n "$user" ]; then
  home=/home/$user
  say "installing sudo for the user $user"
  chroot "$root" /bin/bash -ec '
    apt-get -qq update
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends sudo >/dev/null
    useradd --create-home --shell /bin/bash "$1"
    echo "$1 ALL=(ALL) NOPASSWD: ALL" >"/etc/sudoers.d/$1"' bare "$user" >"$dir/user.log" 2>&1 ||
    { tail -n 20 "$dir/user.log" >&2; exit 1; }
  for file in .npmrc .config/pip/pip.conf; do
    if [ -e "$root/root/$file" ]; then
      mkdir -p "$(dirname "$root$home/$file")"
      cp "$root/root/$file" "$root$home/$file"
    fi
  done
fi
git clone -q --no-local "$here" "$root$home/tarn"
[ -z "$user" ] || chroot "$root" chown -R "$user:$user" "$home"
say "commit $(git -c safe.directory='*' -C "$root$home/tarn" log -1 --format='%h %s')"
say "running${user:+ as $user}: $command"
begin=$SECONDS
status=0
unshare --mount --pid --fork --kill-child bash -euc '
  root=$1 command=$2 home=$3 user=$4
  shift 4
  mount -t proc proc "$root/proc"
  mount -t sysfs sysfs "$root/sys" || true
  mount -t tmpfs tmpfs "$root/dev"
  for node in null zero full random urandom tty; do
    touch "$root/dev/$node"
    mount --bind "/dev/$node" "$root/dev/$node"
  done
  ln -s /proc/self/fd "$root/dev/fd"
  mkdir "$root/dev/shm" "$root/dev/pts"
  mount -t tmpfs tmpfs "$root/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts" || true
  ln -s pts/ptmx "$root/dev/ptmx"
  chmod 1777 "$root/dev/shm"
  chmod 666 "$root"/dev/null "$root"/dev/ptmx 2>/dev/null || true
  exec env -i HOME="$home" LANG=C.UTF-8 TERM=dumb CI="${CI:-}" \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@" \
    chroot ${user:+--userspec="$user:$user"} "$root" /bin/bash -c "cd $home/tarn && $command"
' bare "$root" "$command" "$home" "$user" "${carried[@]}" </dev/null || status=$?
say "exit code $status after $((SECONDS - begin)) s, $(du -sh "$root" | cut -f1) on disk"
[ -n "$keep" ] || rm -rf "$root"
exit $status

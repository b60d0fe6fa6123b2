#!/usr/bin/env bash
# Goes the way of an administrator on a Debian that has nothing but its base system, with the unpacked archive in /opt
# and a VCL database on $SOCKET. For .ci/checks/package, in a root of its own: it installs and removes packages.
set -euo pipefail
cd /opt/expireimage-*
archive=$PWD
version=${archive#*expireimage-}
version=${version%-*}

fail() {
  echo "try.sh: $*"
  exit 1
}

# Calls a command; it must end with this status and print a line that matches this pattern.
expect() {
  local status=$1 pattern=$2 output actual=0
  shift 2
  output=$("$@" 2>&1) || actual=$?
  [[ $actual == "$status" ]] || fail "'$*' ended with $actual, not $status: $output"
  grep --quiet --extended-regexp -- "$pattern" <<<"$output" || fail "'$*' does not say '$pattern': $output"
}

# Every file of the system but what is always in motion.
files() {
  find / -xdev \( -path /proc -o -path /dev -o -path /sys -o -path /tmp -o -path /opt -o -path /var/lib/apt \
    -o -path /var/cache -o -path /var/log -o -path /root \) -prune -o -print | grep --invert-match -E '^/etc/(passwd|group|shadow|gshadow|subuid|subgid)-$' | sort
}

for tool in swift swiftc clang; do
  ! command -v $tool || fail "$tool can be reached"
done

# Before its libraries are there, nothing is touched, and the line says what to do. That is done.
expect 1 '^install.sh: the program lacks the libraries libmariadb.so.3 libcurl.so.4; run: apt-get install libmariadb3 libcurl4$' ./install.sh
[[ ! -e /etc/expireimage && ! -e /usr/local/bin/expireimage ]] || fail "installed without its libraries"
scratch=$(mktemp --directory)
export DEBIAN_FRONTEND=noninteractive
{ apt-get -qq update && apt-get -qq install --yes --no-install-recommends libmariadb3 libcurl4; } >"$scratch/apt" 2>&1 ||
  fail "apt-get: $(tail --lines 3 "$scratch/apt")"
libmariadb=$(dpkg-query --show --showformat '${Version}' libmariadb3)
files >"$scratch/before"

expect 64 "^install.sh: unknown option '--prefx'" ./install.sh --prefx /usr
expect 64 '^install.sh: --prefix needs a folder' ./install.sh --prefix
expect 64 "^install.sh: --prefix 'usr' must be a path" ./install.sh --prefix usr
expect 64 "^install.sh: --prefix '/opt/a b' must be a path" ./install.sh --prefix "/opt/a b"
expect 64 '^install.sh: --purge goes with --uninstall' ./install.sh --purge
expect 1 '^install.sh: must be run as root' setpriv --reuid 65534 --clear-groups ./install.sh
mkdir /opt/full && mount -t tmpfs -o size=1m tmpfs /opt/full
expect 1 '^install.sh: cannot write /opt/full/bin/expireimage: No space left on device$' ./install.sh --prefix /opt/full
[[ -z $(find /opt/full -type f) ]] || fail "left on the full disk: $(find /opt/full -type f)"
umount /opt/full && rmdir /opt/full
! getent passwd expireimage || fail "an account, but no program"
diff "$scratch/before" <(files) >/dev/null || fail "a refused call has left something"

# Installed, and once more over a configuration that somebody has edited.
expect 0 "^expireimage $version is installed" ./install.sh
configuration=/etc/expireimage/expireimage.conf
[[ $(stat --format '%a %U %G' $configuration) == "640 root expireimage" ]] || fail "$(stat $configuration)"
[[ $(stat --format '%a %U %G' /etc/expireimage/credentials) == "750 root expireimage" ]] || fail "$(stat /etc/expireimage/credentials)"
printf '[database]\nsocket = %s\nuser = root\n' "$SOCKET" >>$configuration
edited=$(sha256sum $configuration)
expect 0 "^expireimage $version is installed" ./install.sh
[[ $(sha256sum $configuration) == "$edited" ]] || fail "the configuration was overwritten"
for unit in systemd/*; do
  cmp "$unit" "/usr/local/lib/systemd/system/${unit#*/}" || fail "$unit is not what schedule prints"
done

# Used from another folder, with the archive out of reach.
mv "$archive" /opt/away
cd /
expect 0 "^$version\$" expireimage --version
expect 0 "^database.socket +$SOCKET +file $configuration line" expireimage config

# The account by hand sees the services' passwords, and is told of a file of VCL that it may not read.
as_account=(runuser -u expireimage --)
echo hunter2 | install --mode=640 --group=expireimage /dev/stdin /etc/expireimage/credentials/database.password
expect 0 '^database.password +\(hidden\) +credential /etc/expireimage/credentials/database.password' "${as_account[@]}" expireimage config
rm /etc/expireimage/credentials/database.password
mkdir /etc/vcl && install --mode=600 /dev/stdin /etc/vcl/vcld.conf <<<'database=vcl'
expect 0 'warning: file /etc/vcl/vcld.conf is not read: Permission denied; .* set database.name ' "${as_account[@]}" expireimage config
chgrp expireimage /etc/vcl/vcld.conf && chmod 640 /etc/vcl/vcld.conf
expect 0 '^database.name +vcl +file /etc/vcl/vcld.conf' "${as_account[@]}" expireimage config
rm -r /etc/vcl
expect 0 '^Plan for ' expireimage plan
# The demonstration's mail server is gone.
expect 1 '^ok +schema: ' expireimage check
# A mail is longer than what is fetched at first.
expect 0 '^Message-ID: ' expireimage mail show 1 --message
expect 0 '^</html>' expireimage mail show 1 --message
expect 0 '^\.Nm' gzip --decompress --stdout /usr/local/share/man/man1/expireimage.1.gz
expect 0 '^Run [0-9]+ |^Dry run|marked' expireimage run --dry-run
expect 7 '^expireimage: connect to /nowhere' env EXPIREIMAGE_DATABASE_SOCKET=/nowhere expireimage plan

cd /opt/away

# Another place: not while the services call the program here, and each takes off only what is its own.
expect 1 '^install.sh: the services of this machine call /usr/local/bin/expireimage; ' ./install.sh --prefix /opt/vcl
expect 1 '^install.sh: there is no expireimage in /opt/vcl; ' ./install.sh --uninstall --prefix /opt/vcl
expireimage schedule cron >/etc/cron.d/expireimage || fail "no crontab"
expect 0 'What stays: the configuration' ./install.sh --uninstall
[[ -e $configuration && ! -e /etc/cron.d/expireimage ]] || fail "the configuration is gone, or the crontab is not"
expect 0 '^/opt/vcl/bin/expireimage is not what your PATH finds' ./install.sh --prefix /opt/vcl
[[ $(stat --format '%a %U %G' $configuration) == "640 root expireimage" ]] || fail "$(stat $configuration)"
expect 1 '^install.sh: there is no expireimage in /usr/local; ' ./install.sh --uninstall
expect 1 '^install.sh: the services of this machine call /opt/vcl/bin/expireimage, ' ./install.sh --uninstall --purge
grep --quiet '^ExecStart=/opt/vcl/bin/expireimage run$' /usr/local/lib/systemd/system/expireimage.service || fail "units call another program"

# Gone without a trace, but not below a process of the account.
mkdir -p /etc/systemd/system/expireimage.timer.d
touch /etc/systemd/system/expireimage.timer.d/override.conf
/opt/vcl/bin/expireimage schedule systemd --unit expireimage.service >/etc/systemd/system/expireimage.service
/opt/vcl/bin/expireimage schedule cron >/etc/cron.d/expireimage
find /opt/vcl /usr/local /etc -type f | sort >"$scratch/installed"
setpriv --reuid expireimage --clear-groups sleep 60 &
sleeper=$!
until [[ $(stat --format %U /proc/$sleeper) == expireimage ]]; do sleep 0.1; done
expect 1 "^install.sh: the account expireimage has processes at work: $sleeper; " \
  /opt/vcl/share/expireimage/install.sh --uninstall --prefix /opt/vcl --purge
diff "$scratch/installed" <(find /opt/vcl /usr/local /etc -type f | sort) || fail "the refused removal has removed something"
kill $sleeper
wait $sleeper || true
expect 0 '^expireimage is removed' /opt/vcl/share/expireimage/install.sh --uninstall --prefix /opt/vcl --purge
! getent passwd expireimage || fail "the account is still there"
[[ -z $(find /opt/vcl -type f) ]] || fail "left: $(find /opt/vcl -type f)"
find /usr/local -mindepth 2 -type d -empty -delete
diff <(grep --invert-match '^/usr/local/' "$scratch/before") <(files | grep --invert-match '^/usr/local/') || fail "not without a trace"
left=$(find /usr/local -type f)
[[ -z $left ]] || fail "left behind: $left"
expect 1 '^install.sh: there is no expireimage in /usr/local; ' ./install.sh --uninstall --purge

# An account in a group of others gets no configuration that they could read.
useradd --system --gid users expireimage
expect 1 '^install.sh: the account expireimage is in the group users; ' ./install.sh
[[ ! -e /etc/expireimage && -z $(find /usr/local -type f) ]] || fail "installed for a group of others"
userdel expireimage
echo "installed, used and removed on Debian $(cat /etc/debian_version) with libmariadb3 $libmariadb"

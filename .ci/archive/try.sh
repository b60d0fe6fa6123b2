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
diff "$scratch/before" <(files) >/dev/null || fail "a refused call has left something"

# Installed, and once more over a configuration that somebody has edited.
expect 0 "^expireimage $version is installed" ./install.sh
configuration=/etc/expireimage/expireimage.conf
[[ $(stat --format '%a %U %G' $configuration) == "640 root expireimage" ]] || fail "$(stat $configuration)"
[[ $(stat --format '%a %U %G' /etc/expireimage/credentials) == "700 root root" ]] || fail "credentials are open"
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
expect 0 '^database.socket +' runuser -u expireimage -- expireimage config
expect 0 '^Plan for ' expireimage plan
# The demonstration's mail server is gone.
expect 1 '^ok +schema: ' expireimage check
# A mail is longer than what is fetched at first.
expect 0 '^Message-ID: ' expireimage mail show 1 --message
expect 0 '^</html>' expireimage mail show 1 --message
expect 0 '^\.Nm' gzip --decompress --stdout /usr/local/share/man/man1/expireimage.1.gz
expect 0 '^Run [0-9]+ |^Dry run|marked' expireimage run --dry-run
expect 7 '^expireimage: connect to /nowhere' env EXPIREIMAGE_DATABASE_SOCKET=/nowhere expireimage plan

# Another place beside it, with units that call the program there.
cd /opt/away
expect 0 '^/opt/vcl/bin/expireimage is not what your PATH finds' ./install.sh --prefix /opt/vcl
grep --quiet '^ExecStart=/opt/vcl/bin/expireimage run$' /usr/local/lib/systemd/system/expireimage.service || fail "units call another program"
expect 0 'What stays: the configuration' /opt/vcl/share/expireimage/install.sh --uninstall --prefix /opt/vcl
[[ -z $(find /opt/vcl -type f) && -e $configuration ]] || fail "left: $(find /opt/vcl -type f)"

# Gone without a trace.
expect 0 "^$version\$" expireimage --version
expect 0 '^expireimage is removed' /usr/local/share/expireimage/install.sh --uninstall --purge
! getent passwd expireimage || fail "the account is still there"
find /usr/local -mindepth 2 -type d -empty -delete
diff <(grep --invert-match '^/usr/local/' "$scratch/before") <(files | grep --invert-match '^/usr/local/') || fail "not without a trace"
left=$(find /usr/local -type f)
[[ -z $left ]] || fail "left behind: $left"
expect 0 '^expireimage is removed' ./install.sh --uninstall --purge
echo "installed, used and removed on Debian $(cat /etc/debian_version) with libmariadb3 $libmariadb"

#!/usr/bin/env bash
# Installs expireimage on a Debian machine from its unpacked release archive, or takes it off again. It can be called
# again at any time, also with a newer archive; a configuration that is there is never changed.
set -euo pipefail

usage='usage: install.sh [--prefix DIR]                      default: /usr/local
       install.sh --uninstall [--prefix DIR] [--purge]   --purge: the configuration and the account, too
DESTDIR=DIR installs below that folder only, without the account.'

account=expireimage
units=(expireimage.service expireimage.timer expireimage-mail.service expireimage-mail.timer)
timers=(expireimage.timer expireimage-mail.timer)

fail() {
  echo "install.sh: $1" >&2
  exit "${2:-1}"
}

prefix=/usr/local
action=install
is_purge=false
while [[ $# -gt 0 ]]; do
  case $1 in
  --prefix)
    [[ -n ${2-} ]] || fail "--prefix needs a folder, such as /usr/local" 64
    prefix=$2
    shift
    ;;
  --prefix=*) prefix=${1#*=} ;;
  --uninstall) action=uninstall ;;
  --purge) is_purge=true ;;
  --help | -h)
    echo "$usage"
    exit 0
    ;;
  *) fail "unknown option '$1'; see install.sh --help" 64 ;;
  esac
  shift
done
[[ $prefix =~ ^(/[A-Za-z0-9._+-]+)+$ ]] ||
  fail "--prefix '$prefix' must be a path of letters, digits and ._+- that starts with / and has no / at its end" 64
[[ $is_purge == false || $action == uninstall ]] || fail "--purge goes with --uninstall" 64

root=${DESTDIR-}
[[ -z $root || $root == /* ]] || fail "DESTDIR '$root' must start with /" 64
program=$prefix/bin/expireimage
share=$root$prefix/share
configuration=$root/etc/expireimage
# The one folder for units of software that no package brings; changes by hand go to /etc, where they win.
systemd=$root/usr/local/lib/systemd/system
# Every file that comes and goes, but the configuration.
files=(
  "$root$program"
  "$share/man/man1/expireimage.1.gz"
  "$share/bash-completion/completions/expireimage"
  "$share/zsh/site-functions/_expireimage"
  "$share/fish/vendor_completions.d/expireimage.fish"
  "${units[@]/#/$systemd/}"
)

if [[ -z $root ]]; then
  [[ $EUID -eq 0 ]] || fail "must be run as root: sudo $0 ..."
fi

# Whether systemd runs this machine and is to be told.
has_systemd() { [[ -z $root && -d /run/systemd/system ]]; }

# Puts a file in the place of another at once, so that a program at work is not disturbed.
put() {
  local mode=$1 source=$2 target=$3
  install -D --mode="$mode" "$source" "$target.new" || fail "cannot write $target"
  mv --force "$target.new" "$target"
}

install_all() {
  local archive message missing
  archive=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
  [[ -x $archive/bin/expireimage ]] || fail "no bin/expireimage beside $0; call it in the unpacked archive"
  # Nothing is touched before it is known that the program runs here.
  if ! message=$("$archive/bin/expireimage" --version 2>&1); then
    missing=$(ldd "$archive/bin/expireimage" 2>/dev/null | awk '/not found/ { printf " %s", $1 }' || true)
    [[ -z $missing ]] ||
      fail "the program lacks the libraries$missing; run: apt-get install libmariadb3 libcurl4"
    fail "the program does not run here: ${message//$'\n'/ }; the archive is for another Debian or machine"
  fi

  if [[ -z $root ]] && ! getent passwd $account >/dev/null; then
    useradd --system --user-group --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin \
      --comment "Nightly run of expireimage" $account || fail "cannot make the account $account"
  fi

  put 755 "$archive/bin/expireimage" "$root$program"
  put 644 "$archive/share/man/man1/expireimage.1.gz" "$share/man/man1/expireimage.1.gz"
  local completion
  for completion in bash-completion/completions/expireimage zsh/site-functions/_expireimage \
    fish/vendor_completions.d/expireimage.fish; do
    put 644 "$archive/share/$completion" "$share/$completion"
  done
  rm -rf "$share/expireimage"
  mkdir -p "$share/expireimage"
  cp -R "$archive/share/expireimage/." "$archive/README.md" "$archive/etc/expireimage.conf" "$share/expireimage/"
  put 755 "$archive/install.sh" "$share/expireimage/install.sh"

  local unit
  for unit in "${units[@]}"; do
    mkdir -p "$systemd"
    "$archive/bin/expireimage" schedule systemd --unit "$unit" --program "$program" >"$systemd/$unit.new"
    mv --force "$systemd/$unit.new" "$systemd/$unit"
    chmod 644 "$systemd/$unit"
  done

  install -d --mode=750 "$configuration"
  install -d --mode=700 "$configuration/credentials"
  # A file that is there stays as it is; one for VCL's folder would no longer be read.
  if [[ ! -e $configuration/expireimage.conf && ! -e $root/etc/vcl/expireimage.conf ]]; then
    put 640 "$archive/etc/expireimage.conf" "$configuration/expireimage.conf"
    [[ -n $root ]] || chown "root:$account" "$configuration/expireimage.conf"
  fi
  [[ -n $root ]] || chown "root:$account" "$configuration"
  if has_systemd; then systemctl daemon-reload; fi

  echo "expireimage $message is installed; nothing is scheduled, and no database was touched."
  if [[ $(command -v expireimage || true) != "$program" && -z $root ]]; then
    echo "$program is not what your PATH finds as expireimage: $(command -v expireimage || echo nothing)."
  fi
  echo "Next: Going live, in $prefix/share/expireimage/README.md"
}

uninstall_all() {
  if has_systemd; then
    systemctl disable --now --quiet "${timers[@]}" 2>/dev/null || true
  fi
  # A run at work goes on with the file it has begun with.
  rm -f "${files[@]}"
  rm -rf "$share/expireimage"
  rmdir "$systemd" 2>/dev/null || true
  if has_systemd; then systemctl daemon-reload; fi
  local left="the configuration in /etc/expireimage, the account $account, and"
  if [[ $is_purge == true ]]; then
    rm -rf "$configuration"
    if [[ -z $root ]] && getent passwd $account >/dev/null; then
      userdel $account || fail "cannot remove the account $account; is a program of it at work?"
    fi
    rm -f "$root"/var/lib/systemd/timers/stamp-expireimage{,-mail}.timer
    left=
  fi
  echo "expireimage is removed. What stays: ${left:+$left }what is in the database (before: expireimage migrate down)."
}

"${action}_all"

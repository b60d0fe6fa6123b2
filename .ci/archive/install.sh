#!/usr/bin/env bash
# Installs expireimage on a Debian machine from its unpacked release archive, or takes it off again. It can be called
# again at any time, also with a newer archive; a configuration that is there is never changed.
set -euo pipefail
umask 022

usage='usage: install.sh [--prefix DIR]                      default: /usr/local
       install.sh --uninstall [--prefix DIR] [--purge]   --purge: the configuration and the account, too
DESTDIR=DIR installs below that folder only, without the account.'

account=expireimage
units=(expireimage.service expireimage.timer expireimage-mail.service expireimage-mail.timer)
timers=(expireimage.timer expireimage-mail.timer)
services=(expireimage.service expireimage-mail.service)

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
crontab=$root/etc/cron.d/expireimage
# The one folder for units of software that no package brings; changes by hand go to /etc, where they win.
systemd=$root/usr/local/lib/systemd/system
# Every file of this prefix that comes and goes.
files=(
  "$root$program"
  "$share/man/man1/expireimage.1.gz"
  "$share/bash-completion/completions/expireimage"
  "$share/zsh/site-functions/_expireimage"
  "$share/fish/vendor_completions.d/expireimage.fish"
)

if [[ -z $root ]]; then
  [[ $EUID -eq 0 ]] || fail "must be run as root: sudo $0 ..."
fi

# Whether systemd runs this machine and is to be told.
has_systemd() { [[ -z $root && -d /run/systemd/system ]]; }

# The program that the installed services call; nothing where there are none.
called_program() {
  local service
  for service in "${services[@]/#/$systemd/}"; do
    [[ -e $service ]] || continue
    sed --quiet 's/^ExecStart=\([^ ]*\).*/\1/p' "$service"
    return
  done
}

# Processes of the account, by their numbers.
processes() {
  grep --files-with-matches --no-messages --extended-regexp "^Uid:.*[[:space:]]$(id --user $account)([[:space:]]|$)" \
    /proc/[0-9]*/status | tr --complement --delete '0-9\n' | tr '\n' ' ' || true
}

# What was made beside its place, and is not there yet.
staged=()
cleanup() {
  [[ ${#staged[@]} -eq 0 ]] || rm -rf "${staged[@]/%/.new}"
}

# Makes a file beside its place, so that nothing changes before everything is there.
stage() {
  local mode=$1 source=$2 target=$3 message
  staged+=("$target")
  message=$(install -D --mode="$mode" "$source" "$target.new" 2>&1) || fail "cannot write $target: ${message##*: }"
}

# Puts a file in the place of another at once, so that a program at work is not disturbed.
put_staged() {
  local target
  for target in "${staged[@]}"; do
    [[ ! -d $target ]] || rm -rf "$target"
    mv --force --no-target-directory "$target.new" "$target"
  done
  staged=()
}

# The account, in a group of its own, which may read the configuration and the passwords.
make_account() {
  local group=(--user-group)
  if ! getent passwd $account >/dev/null; then
    ! getent group $account >/dev/null || group=(--gid "$account")
    useradd --system "${group[@]}" --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin \
      --comment "Nightly run of expireimage" $account || fail "cannot make the account $account"
  fi
  [[ $(id --group --name $account) == "$account" ]] ||
    fail "the account $account is in the group $(id --group --name $account); give it one of its own: groupadd --system --force $account && usermod --gid $account $account"
}

# Makes a file or folder of the configuration with its owner, group and mode, where there is none.
configure() {
  local mode=$1 source=$2 target=$3 owner=() message
  [[ ! -e $target ]] || return 0
  [[ -n $root ]] || owner=(--owner=root "--group=$account")
  staged+=("$target")
  if [[ $source == folder ]]; then
    message=$(install --directory "${owner[@]}" --mode="$mode" "$target.new" 2>&1)
  else
    message=$(install "${owner[@]}" --mode="$mode" "$source" "$target.new" 2>&1)
  fi || fail "cannot write $target: ${message##*: }"
  put_staged
}

install_all() {
  local archive message missing other
  archive=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
  [[ -x $archive/bin/expireimage ]] || fail "no bin/expireimage beside $0; call it in the unpacked archive"
  # Nothing is touched before it is known that the program runs here.
  if ! message=$("$archive/bin/expireimage" --version 2>&1); then
    missing=$(ldd "$archive/bin/expireimage" 2>/dev/null | awk '/not found/ { printf " %s", $1 }' || true)
    [[ -z $missing ]] ||
      fail "the program lacks the libraries$missing; run: apt-get install libmariadb3 libcurl4"
    fail "the program does not run here: ${message//$'\n'/ }; the archive is for another Debian or machine"
  fi
  other=$(called_program)
  [[ -z $other || $other == "$program" || ! -e $root$other ]] ||
    fail "the services of this machine call $other; take that off first: ${other%/bin/*}/share/expireimage/install.sh --uninstall --prefix ${other%/bin/*}"

  trap cleanup EXIT
  stage 755 "$archive/bin/expireimage" "$root$program"
  stage 644 "$archive/share/man/man1/expireimage.1.gz" "$share/man/man1/expireimage.1.gz"
  local completion
  for completion in bash-completion/completions/expireimage zsh/site-functions/_expireimage \
    fish/vendor_completions.d/expireimage.fish; do
    stage 644 "$archive/share/$completion" "$share/$completion"
  done
  staged+=("$share/expireimage")
  rm -rf "$share/expireimage.new"
  { mkdir "$share/expireimage.new" &&
    cp -R "$archive/share/expireimage/." "$archive/README.md" "$archive/etc/expireimage.conf" "$share/expireimage.new/" &&
    install --mode=755 "$archive/install.sh" "$share/expireimage.new/install.sh"; } 2>/dev/null ||
    fail "cannot write $share/expireimage; is the disk full?"

  local unit text
  for unit in "${units[@]}"; do
    text=$("$archive/bin/expireimage" schedule systemd --unit "$unit" --program "$program")
    stage 644 /dev/stdin "$systemd/$unit" <<<"$text"
  done
  [[ -n $root ]] || make_account
  put_staged

  mkdir -p "$root/etc"
  configure 750 folder "$configuration"
  configure 750 folder "$configuration/credentials"
  # One for VCL's folder would no longer be read.
  [[ -e $root/etc/vcl/expireimage.conf ]] ||
    configure 640 "$archive/etc/expireimage.conf" "$configuration/expireimage.conf"
  if has_systemd; then systemctl daemon-reload; fi

  echo "expireimage $message is installed; nothing is scheduled, and no database was touched."
  if [[ $(command -v expireimage || true) != "$program" && -z $root ]]; then
    echo "$program is not what your PATH finds as expireimage: $(command -v expireimage || echo nothing)."
  fi
  echo "Next: Going live, in $prefix/share/expireimage/README.md"
}

uninstall_all() {
  local called has_account=false at_work file is_there=false
  called=$(called_program)
  [[ -n $root ]] || ! getent passwd $account >/dev/null || has_account=true
  for file in "${files[@]}" "$share/expireimage"; do [[ ! -e $file ]] || is_there=true; done
  [[ $called != "$program" ]] || is_there=true
  if [[ $is_purge == true ]]; then
    [[ -z $called || $called == "$program" ]] ||
      fail "the services of this machine call $called, which needs the configuration and the account; nothing is removed"
    [[ ! -e $configuration && $has_account == false ]] || is_there=true
  fi
  [[ $is_there == true ]] || fail "there is no expireimage in $prefix; say where it is with --prefix"

  # The units of another prefix are not ours; timers without their services are nobody's.
  local is_ours=true
  [[ -z $called || $called == "$program" ]] || is_ours=false
  local state="nothing is removed"
  if [[ $is_purge == true ]]; then
    ! has_systemd || state+=", but the timers are stopped"
    ! has_systemd || systemctl stop --quiet "${timers[@]}" "${services[@]}" 2>/dev/null || true
    if [[ $has_account == true ]]; then
      at_work=$(processes)
      [[ -z $at_work ]] ||
        fail "the account $account has processes at work: ${at_work% }; end them and call this again; $state"
      userdel $account || fail "cannot remove the account $account; $state"
    fi
  fi
  if [[ $is_ours == true ]]; then
    ! has_systemd || systemctl disable --now --quiet "${timers[@]}" 2>/dev/null || true
    rm -f "${units[@]/#/$systemd/}"
    rmdir "$systemd" 2>/dev/null || true
  fi
  if [[ -e $crontab ]] && grep --quiet --fixed-strings " $program " "$crontab"; then rm -f "$crontab"; fi
  # A run at work goes on with the file it has begun with.
  rm -f "${files[@]}"
  rm -rf "$share/expireimage"
  local left="the configuration in /etc/expireimage, the account $account, and"
  if [[ $is_purge == true ]]; then
    rm -rf "$configuration"
    local unit
    for unit in "${units[@]}"; do
      file=$root/etc/systemd/system/$unit
      rm -rf "$file.d"
      # A whole unit that was printed there by hand, if it calls no other program.
      if [[ -e $file ]] && head --lines 1 "$file" | grep --quiet "^# $unit, as printed by: expireimage" &&
        ! grep '^ExecStart=' "$file" | grep --quiet --invert-match --fixed-strings "ExecStart=$program "; then
        rm -f "$file"
      fi
    done
    rm -f "$root"/var/lib/systemd/timers/stamp-expireimage{,-mail}.timer
    left=
  fi
  if has_systemd; then systemctl daemon-reload; fi
  echo "expireimage is removed. What stays: ${left:+$left }what is in the database (before: expireimage migrate down)."
}

"${action}_all"

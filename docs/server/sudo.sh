#!/bin/sh
# Set-up B: everybody has an account and a shell, but only huntertui touches the store, under an account of its own.
#
#   sudo.sh [--dry-run] [--root DIR] [--group sales] [--account hunter] [--folder /srv/huntertui]
#
# Who is in the group types `huntertui-team`. sudo tells who that is (SUDO_UID, which nobody can forge), lets no
# argument through and drops the caller's environment. It can be run again.
set -eu
. "$(dirname "$0")/common.sh"

group=sales
account=hunter
folder=/srv/huntertui
while [ $# -gt 0 ]; do
    case $1 in
        --dry-run) dry=1 ;;
        --root) root=${2:?--root DIR}; shift ;;
        --group) group=${2:?--group NAME}; shift ;;
        --account) account=${2:?--account NAME}; shift ;;
        --folder) folder=${2:?--folder PATH}; shift ;;
        *) complain "there is no $1: read the head of this file" ;;
    esac
    shift
done
begin
name "$group"
name "$account"
path "$folder"

getent group "$group" > /dev/null || run groupadd "$group"
account "$account" /usr/local/lib/huntertui
folder "$folder" 700 "$account" "$account"
entry
settings "# Who calls through sudo is the member; the account of the program is nobody else's.
identity = \"sudo\"
account = \"$account\"
store = \"$root$folder/store.json\"
# zone = \"Europe/Berlin\"
# currency = \"EUR\""

# "" is sudo's word for: without arguments.
rule=$(cat << END
Defaults!$root/usr/local/lib/huntertui/entry env_reset, !setenv, use_pty
%$group ALL = ($account) NOPASSWD: $root/usr/local/lib/huntertui/entry ""
END
)
printf '%s\n' "$rule" | file /etc/sudoers.d/huntertui 440
[ -n "$dry" ] || visudo -cqf "$root/etc/sudoers.d/huntertui" || complain "sudo does not take its rule: see above"

file /usr/local/bin/huntertui-team 755 << END
#!/bin/sh
# No arguments: what one may do with huntertui is done in it.
exec sudo -n -u $account $root/usr/local/lib/huntertui/entry
END

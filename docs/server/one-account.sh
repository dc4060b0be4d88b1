#!/bin/sh
# Set-up C: the members have no accounts and no shells. All come in over SSH as one account, each with a key of his
# own, and the line of the key says who he is.
#
#   one-account.sh [--dry-run] [--root DIR] [--account hunter] [--folder /srv/huntertui]
#   one-account.sh [--dry-run] [--root DIR] --key ana ana.pub      let ana in with this key, and with no other
#   one-account.sh [--dry-run] [--root DIR] --no-key ana           let ana in no more
#
# It can be run again. sshd is not touched: when its settings are right, reload it by hand.
set -eu
. "$(dirname "$0")/common.sh"

account=hunter
folder=/srv/huntertui
member=
public=
while [ $# -gt 0 ]; do
    case $1 in
        --dry-run) dry=1 ;;
        --root) root=${2:?--root DIR}; shift ;;
        --account) account=${2:?--account NAME}; shift ;;
        --folder) folder=${2:?--folder PATH}; shift ;;
        --key) member=${2:?--key NAME FILE}; public=${3:?--key NAME FILE}; shift 2 ;;
        --no-key) member=${2:?--no-key NAME}; shift ;;
        *) complain "there is no $1: read the head of this file" ;;
    esac
    shift
done
begin
name "$account"
path "$folder"
keys=/etc/ssh/huntertui_keys
entry=$root/usr/local/lib/huntertui/entry

if [ -n "$member" ]; then
    name "$member"
    key=
    if [ -n "$public" ]; then
        # the type and the key alone: whatever else its owner wrote into the line is dropped
        key=$(grep -Eo '^(ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,3}' "$public") ||
            complain "$public: no public key as ssh-keygen writes it"
        [ "$(printf '%s\n' "$key" | wc -l)" = 1 ] || complain "$public: there is more than one key in it"
        ssh-keygen -lf "$public" > /dev/null || complain "$public: ssh-keygen cannot read it"
    fi
    {
        if [ -f "$root$keys" ]; then grep -Fv "entry --as $member\"" "$root$keys" || true; fi
        [ -z "$key" ] || printf 'restrict,pty,command="%s --as %s" %s %s\n' "$entry" "$member" "$key" "$member"
    } | file "$keys" 644
    exit
fi

account "$account" /usr/local/lib/huntertui
folder "$folder" 700 "$account" "$account"
entry
settings "# Who comes in is who the line of his key in $keys says.
identity = \"forced\"
account = \"$account\"
store = \"$root$folder/store.json\"
# zone = \"Europe/Berlin\"
# currency = \"EUR\""
[ -f "$root$keys" ] || printf '# one line for each member: one-account.sh --key NAME FILE\n' | file "$keys" 644
file /etc/ssh/sshd_config.d/huntertui.conf 644 << END
Match User $account
    AuthorizedKeysFile $root$keys
    AuthenticationMethods publickey
    DisableForwarding yes
    PermitTunnel no
    PermitUserRC no
    AcceptEnv LANG LC_* COLORTERM
    ClientAliveInterval 30
    ClientAliveCountMax 4
END
echo "now: sshd -t && systemctl reload ssh"

#!/bin/sh
# Set-up A: everybody has an account and a shell, and the store is in a folder of a common group.
#
#   group-folder.sh [--dry-run] [--root DIR] [--group sales] [--folder /srv/huntertui] [MEMBER ...]
#
# It makes the group, puts the members into it, makes the folder (2770: what is made in it belongs to the group,
# and nobody else looks in) and tells everybody's huntertui where the store is. It can be run again, with more
# members. Every member can change the store's files with any program: the history is then only advice.
set -eu
. "$(dirname "$0")/common.sh"

group=sales
folder=/srv/huntertui
while [ $# -gt 0 ]; do
    case $1 in
        --dry-run) dry=1 ;;
        --root) root=${2:?--root DIR}; shift ;;
        --group) group=${2:?--group NAME}; shift ;;
        --folder) folder=${2:?--folder PATH}; shift ;;
        -*) complain "there is no $1: read the head of this file" ;;
        *) break ;;
    esac
    shift
done
begin
name "$group"
path "$folder"

getent group "$group" > /dev/null || run groupadd "$group"
for member in "$@"; do
    name "$member"
    getent passwd "$member" > /dev/null || complain "there is no account $member"
    run usermod --append --groups "$group" "$member"
done
folder "$folder" 2770 0 "$group"
settings "# What everybody's huntertui starts from; nobody can change the store, the zone or the currency set here.
identity = \"unix\"
store = \"$root$folder/store.json\"
# zone = \"Europe/Berlin\"
# currency = \"EUR\""

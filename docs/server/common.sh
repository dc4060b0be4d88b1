# What the scripts beside this file share; they read it in. Nothing here does anything by itself.
#
#   --dry-run      only say what would be done
#   --root DIR     put files under DIR instead of /, to look at them; accounts and groups are this machine's

program=${PROGRAM:-/opt/huntertui/bin/python}   # the Python that has huntertui installed
dry=
root=

complain() { echo "$0: $*" >&2; exit 2; }

# run COMMAND...: do it, or only say it
run() {
    if [ -n "$dry" ]; then echo "would run: $*"; else "$@"; fi
}

# name NAME: stop unless it may stand in a file of sshd's or sudo's as it is
name() {
    case $1 in
        '' | [!A-Za-z0-9_]* | *[!A-Za-z0-9_.@-]*) complain "'$1' is no name: letters, digits and . _ @ - only" ;;
    esac
}

# path PATH: stop unless it may stand in those files as it is
path() {
    case $1 in
        /*) ;;
        *) complain "'$1' has to begin with /" ;;
    esac
    case $1 in
        *[!A-Za-z0-9_./-]*) complain "'$1': letters, digits and . _ / - only" ;;
    esac
}

# folder PATH MODE OWNER GROUP: let it be there
folder() {
    run install -d -m "$2" -o "$3" -g "$4" "$root$1"
}

# file PATH MODE < CONTENT: let a file of root's have this content; it is replaced as a whole, or left as it is
file() {
    content=$(cat)
    if [ -f "$root$1" ] && [ "$(cat "$root$1")" = "$content" ]; then
        run chown 0:0 "$root$1"
        run chmod "$2" "$root$1"
        return
    fi
    if [ -n "$dry" ]; then
        echo "would write $root$1 ($2):"
        printf '%s\n' "$content" | sed 's/^/    /'
        return
    fi
    install -d -m 755 "$(dirname "$root$1")"
    (umask 077 && printf '%s\n' "$content" > "$root$1.new")
    chown 0:0 "$root$1.new"
    chmod "$2" "$root$1.new"
    mv "$root$1.new" "$root$1"
    echo "wrote $root$1"
}

# settings CONTENT: the administrator's file, which is never written over when it says something else
settings() {
    there=$root/etc/huntertui/config.toml
    if [ -f "$there" ] && ! grep -Fqx "$(printf '%s\n' "$1" | grep '^identity')" "$there"; then
        complain "$there is of another set-up: look at it, and move it away first"
    fi
    if [ -f "$there" ]; then echo "left as it is: $there"; else printf '%s\n' "$1" | file /etc/huntertui/config.toml 644; fi
}

# account NAME: an account for the program alone; no password opens it, and its home is root's
account() {
    if ! getent passwd "$1" > /dev/null; then
        run useradd --system --user-group --no-create-home --home-dir "$2" --shell /bin/sh --password '*' "$1"
    fi
    run install -d -m 755 -o 0 -g 0 "$2"
}

# entry: the program for an account of its own, which hears nothing of its caller's environment
entry() {
    [ -n "$dry" ] || [ -x "$program" ] || complain "there is no $program: install huntertui there, or set PROGRAM"
    sed -e "1s|.*|#!$program -I|" -e "s|^SETTINGS = .*|SETTINGS = \"$root/etc/huntertui/config.toml\"|" \
        "$(dirname "$0")/entry.py" | file /usr/local/lib/huntertui/entry 755
}

begin() {
    [ -n "$dry" ] || [ "$(id -u)" = 0 ] || complain "only root can do that; --dry-run says what it is"
    case $root in
        '') ;;
        *) path "$root" ;;
    esac
    path "$program"
}

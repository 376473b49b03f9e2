#!/bin/sh
# Starts a Redis or a Sentinel: redis.sh redis|sentinel.
#
# Both write into their file who is master now, so that it is a copy on the volume. It
# is made once: a Redis that comes back does not take itself for the master again.
# Remove it there to change a password.
#
# NAME is how the others reach this server, MASTER which Redis is master at first, and
# PORT where this one listens (6379, 26379), MASTER_PORT where that one does.
set -eu
umask 077
data=${DATA:-/data} conf=${CONF:-/etc/redis}
case $1 in
redis) port=${PORT:-6379} ;;
sentinel) port=${PORT:-26379} ;;
*) echo "usage: redis.sh redis|sentinel" >&2; exit 2 ;;
esac
master_port=${MASTER_PORT:-6379}
file=$data/$1.conf

redis() {
	cat "$conf/redis.conf"
	printf 'dir "%s"\nport %s\nreplica-announce-ip "%s"\nrequirepass "%s"\nmasterauth "%s"\n' \
		"$data" "$port" "$NAME" "$REDIS_PASSWORD" "$REDIS_PASSWORD"
	[ "$NAME:$port" = "$MASTER:$master_port" ] || printf 'replicaof %s %s\n' "$MASTER" "$master_port"
}

sentinel() {
	printf 'dir "%s"\nport %s\nrequirepass "%s"\n' "$data" "$port" "$REDIS_PASSWORD"
	grep '^sentinel resolve-hostnames' "$conf/sentinel.conf" # before the first name
	printf 'sentinel announce-ip "%s"\nsentinel monitor limits %s %s 2\nsentinel auth-pass limits "%s"\n' \
		"$NAME" "$MASTER" "$master_port" "$REDIS_PASSWORD"
	grep -v '^sentinel resolve-hostnames' "$conf/sentinel.conf"
}

if [ ! -s "$file" ]; then
	"$1" > "$file.new"
	mv "$file.new" "$file"
fi
if [ "$1" = sentinel ]; then
	exec redis-server "$file" --sentinel
fi
exec redis-server "$file"

# status tells how a pipeline stands, running or not, also to machines; reset takes away what it has left, and the next start begins afresh
orders; start
ends_with 0 status; says 'in step'; says 'last checkpoint'
ends_with 0 status --json; says '"isWhole": true'
refused CDCF3001 1 reset --yes
unharmed; stop
runs reset --yes
says 'taken away: replication slot'; says 'taken away: marker'
[ "$(shop "SELECT count(*) FROM pg_replication_slots WHERE database = current_database()")" = 0 ] || fail "the slot stays"
runs reset --yes; says 'Nothing is left to take away'
shop "INSERT INTO orders VALUES (3, 7, 3, 'paid', NULL)"
start; unharmed

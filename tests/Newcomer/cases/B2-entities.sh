# Entities work unchanged: private setters are set, navigations are left out, an enum of the database comes back to one, an instant in UTC has its Z
export PROGRAM=entities; settings entities
for database in shop warehouse; do
  psql_in $database -c "CREATE TYPE state AS ENUM ('new', 'on_its_way');
    CREATE TABLE parcels (id bigint PRIMARY KEY, weight numeric NOT NULL, state state NOT NULL, sent_at timestamptz NOT NULL)"
done
shop "INSERT INTO parcels VALUES (1, 2.5, 'new', '2026-03-01T12:00:00Z'), (2, 7, 'on_its_way', '2026-03-02T12:00:00+02')"
runs validate
runs run --until-caught-up
diff <(shop 'SELECT * FROM parcels ORDER BY id') <(warehouse 'SELECT * FROM parcels ORDER BY id') || fail "the copies differ"
grep -q '"at":"2026-03-01T12:00:00Z"' "$folder"/files/events/*.jsonl || fail "no Z: $(cat "$folder"/files/events/*.jsonl)"

# A time of kind UTC has its Z
export PROGRAM=entities; settings entities
parcels text
runs run --until-caught-up
grep -q '"at":"2026-03-01T12:00:00Z"' "$folder"/files/events/*.jsonl || fail "no Z: $(cat "$folder"/files/events/*.jsonl)"

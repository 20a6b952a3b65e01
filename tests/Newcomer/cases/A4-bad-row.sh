# A row that a method throws on stops with its key; set aside, the others go on, and the repaired row comes
export PROGRAM=readings; settings readings
shop "CREATE TABLE readings (id bigint PRIMARY KEY, text text NOT NULL); INSERT INTO readings VALUES (1, '10'), (2, 'ten'), (3, '30')"
ends_with 1 run --until-caught-up; says CDCF2003; says "key 2"; does_not_say "'ten'"
says CdcFlow:readings:Nodes:Parse:OnError=DeadLetter
runs run --until-caught-up --set "$(grep -oE 'CdcFlow:[A-Za-z:]+=DeadLetter' <<< "$said" | head -1)"
says CDCF2042
[ "$(warehouse 'SELECT string_agg(value::text, $$,$$ ORDER BY id) FROM numbers')" = 10,30 ] || fail "the good rows are not there"
runs rejects list; says "2"; says Parse
shop "UPDATE readings SET text = '20' WHERE id = 2"
runs run --until-caught-up
[ "$(warehouse 'SELECT value FROM numbers WHERE id = 2')" = 20 ] || fail "the repaired row did not come"

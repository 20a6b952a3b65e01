# In a host a pipeline that fails does not end the others
export PROGRAM=host; settings readings orders
shop "CREATE TABLE readings (id bigint PRIMARY KEY, text text NOT NULL); INSERT INTO readings VALUES (2, 'ten')"
orders; start
wait_until "the bad row stops its pipeline" grep -q CDCF2003 "$folder/run.log"
shop "UPDATE orders SET total = 12 WHERE id = 1"
same
kill -0 "$running" || fail "the host has ended"

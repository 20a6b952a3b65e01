# Who means it takes the sinks over: the old instance ends, and the new store goes on as the message says
orders; start
export CdcFlow__orders__Checkpoint__Store=elsewhere
refused CDCF3030 1 run
runs takeover --yes
code=0; wait "$running" || code=$?
[ $code = 6 ] || fail "the old instance ended with $code, not 6"
running=
shop "DELETE FROM orders WHERE id = 1; INSERT INTO orders VALUES (3, 7, 3, 'paid', NULL)"
takes 'run --restore-from none --resnapshot lost'
same

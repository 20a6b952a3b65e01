# Who means it takes the sinks over: the old instance ends, and the new store goes on as the message says
orders; start
export CdcFlow__orders__Checkpoint__Store=elsewhere
refused CDCF3030 1 run
runs takeover --yes
wait_until "the old instance ends" ended
shop "DELETE FROM orders WHERE id = 1; INSERT INTO orders VALUES (3, 7, 3, 'paid', NULL)"
takes 'run --restore-from none --resnapshot lost'
same

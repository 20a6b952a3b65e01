# Mistake: the pipeline was renamed. It begins anew, the sink stays right, and what the old name leaves behind is said
# Open: a first start does not look at the rows that are in the sink already
orders; start; stop
shop "DELETE FROM orders WHERE id = 1; INSERT INTO orders VALUES (3, 7, 3, 'paid', NULL)"
export PROGRAM=renamed; settings orders-2
code=0
said=$(program run --until-caught-up 2>&1) || code=$?
[ $code != 0 ] || is_same || fail "a row that was deleted meanwhile stays in the sink, and nothing says so"

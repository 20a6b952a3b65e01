# Mistake: a second program writes into the same table. It is refused, or said; the first one is unharmed
# Open: a marker does not say which tables its pipeline writes
orders; start
export PROGRAM=renamed; settings orders-2
code=0
said=$(program run --until-caught-up 2>&1) || code=$?
[ $code != 0 ] || grep -qE ' warn .*invoices' <<< "$said" || fail "a second pipeline writes into invoices, and nothing says so"
unharmed

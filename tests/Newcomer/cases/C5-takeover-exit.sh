# An instance whose sinks are taken over ends with exit code 6, so that nothing starts it again
orders; start
runs takeover --yes --set CdcFlow:orders:Checkpoint:Store=elsewhere
code=0; wait "$running" || code=$?
running=
[ $code = 6 ] || fail "it ended with $code, not 6: $(tail -1 "$folder/run.log")"

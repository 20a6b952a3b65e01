# The log goes to standard error, as sentences or as JSON, by the levels of the configuration; a misspelt pipeline is noticed; SIGHUP stops in good order
orders
program run --until-caught-up > "$folder/out" 2> "$folder/err" || fail "it failed: $(cat "$folder/err")"
[ ! -s "$folder/out" ] && [ -s "$folder/err" ] || fail "the log is on standard output"
said=$(program run --until-caught-up --json 2>&1)
grep -v '^{"time":' <<< "$said" && fail "a line is no JSON object"
said=$(Logging__LogLevel__CdcFlow=Warning program run --until-caught-up 2>&1)
does_not_say ' info '
runs run --until-caught-up --set CdcFlow:odrers:Memory=64MiB; says CDCF1016; says odrers
start
kill -HUP "$running"
wait "$running" || fail "SIGHUP: $(tail -3 "$folder/run.log")"
running=

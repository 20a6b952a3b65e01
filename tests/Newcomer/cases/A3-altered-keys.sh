# A map that alters the value of the key is a warning where the compiler sees it, and stops at the first row where it does not
said=$(cd "$work/Shop" && dotnet build --no-restore -v q --nologo -p:NoWarn=CDCF004 -p:DefineConstants=KEYS -o "$folder/out" 2>&1) || fail "it was not built"
says CDCF050; says Keys.cs
orders
export PROGRAM=altered
refused CDCF2050 1 run
[ "$(warehouse 'SELECT count(*) FROM invoices')" = 0 ] || fail "rows with foreign keys came through"
export PROGRAM=orders
start; unharmed

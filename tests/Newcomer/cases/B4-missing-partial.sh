# A pipeline class that is not partial is CDCF001 in dotnet build
code=0
said=$(cd "$work/Shop" && dotnet build --no-restore -v q --nologo -p:NoWarn=CDCF004 -p:DefineConstants=WRONG -o "$folder/out" 2>&1) || code=$?
[ $code != 0 ] || fail "it was built"
says CDCF001; says Wrong.cs

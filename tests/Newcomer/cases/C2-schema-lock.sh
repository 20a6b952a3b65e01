# A column that does not exist any more is a build error once the lock is pulled, and validate tells that lock and server differ
orders
export ConnectionStrings__shop; ConnectionStrings__shop=$(connection shop)
(cd "$folder" && dotnet tool install CdcFlow.Tool --tool-path "$folder/tools" > /dev/null)
cp -r "$work/Shop" "$folder/Shop"; cd "$folder/Shop"
pull_and_build() {
  "$folder/tools/cdcflow" schema pull --connection shop --table orders
  dotnet build --no-restore -v q --nologo -p:NoWarn=CDCF004 2>&1
}
said=$(pull_and_build) || fail "a row type that fits is not built"
shop 'ALTER TABLE orders RENAME COLUMN note TO remark'
shop=$folder/Shop/bin/Debug/net10.0/Shop
said=$(program validate 2>&1) || true; says CDCF1042; says "cdcflow schema pull --connection shop"
code=0; said=$(pull_and_build) || code=$?
[ $code != 0 ] || fail "it was built"
says CDCF081

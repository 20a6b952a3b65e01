# The README can be pasted: its packages, its program and its table make a pipeline that runs
mkdir "$folder/MyShop"; cd "$folder/MyShop"
dotnet new console -n MyShop -o . > /dev/null
cp "$work/nuget.config" .
said=$(grep -E '^dotnet add package' "$checkout/README.md" | bash -e 2>&1) || fail "packages"
awk '/^```csharp/ { on = 1; next } /^```/ { on = 0 } on' "$checkout/README.md" > Program.cs
said=$(dotnet build -v q --nologo 2>&1) || fail "it does not compile"
shop "$(grep -E '^(CREATE TABLE|INSERT INTO) orders' "$checkout/README.md")"
export ConnectionStrings__out=out
shop=$folder/MyShop/bin/Debug/net10.0/MyShop
runs validate
runs run --until-caught-up
[ "$(warehouse 'SELECT id, gross FROM invoices')" = '1|12.4950' ] || fail "$(warehouse 'SELECT * FROM invoices')"

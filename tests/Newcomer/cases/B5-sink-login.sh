# A wrong password, a refused connection and a missing right at the sink are said as the source says them
orders
psql_in warehouse -c "CREATE ROLE app LOGIN PASSWORD 'right'"
tcp="Host=127.0.0.1;Port=$port;Username=app;Database=warehouse;SSL Mode=Disable"
export ConnectionStrings__warehouse="$tcp;Password=mistaken"
refused 28P01 3 validate; says "app"; does_not_say mistaken
ConnectionStrings__warehouse="Host=127.0.0.1;Port=1;Username=app;Database=warehouse;SSL Mode=Disable;Password=right"
ends_with 3 validate; says "127.0.0.1:1"
ConnectionStrings__warehouse="$tcp;Password=right"
ends_with 3 validate; says "GRANT USAGE, CREATE ON SCHEMA"
psql_in warehouse -c "$(grep -oE 'GRANT USAGE, CREATE ON SCHEMA [^;]+;' <<< "$said" | head -1)"
runs run --until-caught-up
psql_in warehouse -c 'GRANT SELECT ON invoices TO cdc' # whose table it is not
same

# Mistake: the connection leads to another database with such a table. It is refused, and the right one goes on as if nothing had been
orders; start; stop
psql_in postgres -c 'CREATE DATABASE test TEMPLATE shop OWNER cdc'
psql_in test -c "UPDATE orders SET total = 0"
export ConnectionStrings__shop; ConnectionStrings__shop=$(connection test)
refused CDCF4046 3 run
says test
refused CDCF4043 4 run --set CdcFlow:orders:Sources:shop:Slot=another
unset ConnectionStrings__shop
same
start; unharmed

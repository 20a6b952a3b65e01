# Mistake: the connection leads to another database with such a table. It is refused, and the right one goes on as if nothing had been
orders; start; stop
psql_in postgres -c 'CREATE DATABASE test TEMPLATE shop'
psql_in test -c "UPDATE orders SET total = 0"
ConnectionStrings__shop=$(connection test) refused CDCF4043 3 run
says test
same
start; unharmed

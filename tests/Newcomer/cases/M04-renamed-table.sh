# Mistake: the source's table was renamed. It stops, and goes on where it was once the table has its name again
orders; start; stop
shop "ALTER TABLE orders RENAME TO purchases; UPDATE purchases SET total = 5 WHERE id = 1"
ends_with 3 validate; says CDCF4054
refused CDCF4054 3 run
shop "$(grep -oE 'ALTER TABLE [^;]+;' <<< "$said" | head -1)"
start
shop "UPDATE orders SET total = total + 1"; same

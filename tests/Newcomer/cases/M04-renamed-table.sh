# Mistake: the source's table was renamed. It stops, and goes on where it was once the table has its name again
# Open: the check before the start does not know the table by its number
orders; start; stop
shop "ALTER TABLE orders RENAME TO purchases; UPDATE purchases SET total = 5 WHERE id = 1"
refused CDCF4054 1 run
shop "$(grep -oE 'ALTER TABLE [^;]+;' <<< "$said" | head -1)"
start; unharmed

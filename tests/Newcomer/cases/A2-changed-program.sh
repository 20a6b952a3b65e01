# A row type with a new property is noticed: the message names property and sink, and reading again fills it
orders; start; stop
shop "UPDATE orders SET note = 'fragile' WHERE id = 1"
export PROGRAM=later
warehouse "ALTER TABLE invoices ADD note text"
refused CDCF3040 3 run
says "new column Note"; says invoices; says -- --accept
takes 'run --resnapshot [a-z]+\.[a-z]+'
[ "$(warehouse 'SELECT note FROM invoices')" = fragile ] || fail "the note is not in the sink"

# Mistake: a deployment is rolled back. The old program says what it lacks now, and goes on when told
orders; start; stop
warehouse 'ALTER TABLE invoices ADD note text'
PROGRAM=later runs run --accept --until-caught-up
refused CDCF3040 3 run
says Note
takes 'run --accept'
shop "UPDATE orders SET total = 5 WHERE id = 1"
start; unharmed

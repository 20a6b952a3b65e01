# Mistake: the pipeline was renamed. It is refused beside what the old name has left, and begins afresh once that is gone as the message says
orders; start; stop
shop "DELETE FROM orders WHERE id = 1; INSERT INTO orders VALUES (3, 7, 3, 'paid', NULL)"
export PROGRAM=renamed; settings orders-2
refused CDCF5031 3 run
says '[CdcPipeline("orders")]'
warehouse "$(grep -oE 'DELETE FROM [^;]+; TRUNCATE [^;]+;' <<< "$said" | head -1)"
start; unharmed

# What validate says is what run does: a slot that is gone, a sink that is a view, a store that cannot be
orders; start; stop
shop "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
ends_with 3 validate; says CDCF4040
ends_with 4 run; says CDCF4040
takes 'run --resnapshot lost'
warehouse 'ALTER TABLE invoices RENAME TO kept; CREATE VIEW invoices AS SELECT * FROM kept'
ends_with 3 validate; says CDCF5019
ends_with 3 run; says CDCF5019
ends_with 3 validate --set CdcFlow:orders:Checkpoint:Store=/dev/null
ends_with 3 run --set CdcFlow:orders:Checkpoint:Store=/dev/null

# A sink's table that was dropped meanwhile is noticed, and read again
orders; start; stop
warehouse 'DROP TABLE invoices'
refused CDCF3040 3 run
says invoices
takes 'run --resnapshot [a-z]+\.[a-z]+'
same

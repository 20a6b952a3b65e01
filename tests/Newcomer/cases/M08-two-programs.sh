# Mistake: a second program writes into the same table. It is refused with the name of the first one, which is unharmed
orders; start
export PROGRAM=renamed; settings orders orders-2
refused CDCF5031 3 run
says "pipeline 'orders'"
unharmed

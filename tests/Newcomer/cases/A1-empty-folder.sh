# A start with an empty checkpoint folder is refused, and the instance that runs is unharmed
orders; start
refused CDCF3030 1 run --set CdcFlow:orders:Checkpoint:Store=elsewhere
says takeover
ends_with 3 validate --set CdcFlow:orders:Checkpoint:Store=elsewhere; says CDCF3030
unharmed

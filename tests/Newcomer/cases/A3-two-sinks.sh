# Two sinks that would write into one table are refused before anything is written, by validate and by run
orders
export PROGRAM=twice
refused CDCF2016 3 validate
refused CDCF2016 3 run
says "Shared = true"
export PROGRAM=orders
start; unharmed

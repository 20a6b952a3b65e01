# Mistake: a second replica. It says who runs the pipeline, and the one that runs is unharmed
orders; start
refused CDCF3001 1 run
says "$running"
unharmed

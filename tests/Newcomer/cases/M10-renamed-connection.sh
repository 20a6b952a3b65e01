# Mistake: the source's connection has another name. It is refused, and goes on under the old one
orders; start; stop
shop "UPDATE orders SET total = 5 WHERE id = 1"
PROGRAM=moved refused CDCF3017 1 run
says shop
start; unharmed

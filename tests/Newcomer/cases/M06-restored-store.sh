# Mistake: the checkpoint folder came back from a backup. It is refused, and beginning afresh as the message says leads on
orders; start; stop
cp -r "$folder/checkpoints" "$folder/backup"
shop "UPDATE orders SET total = 5 WHERE id = 1"
start; stop
rm -r "$folder/checkpoints"; mv "$folder/backup" "$folder/checkpoints"
refused CDCF3003 1 run
same
takes 'run --restore-from none --resnapshot lost'
shop "UPDATE orders SET total = 6 WHERE id = 1"
start; unharmed

# Settings that are no JSON are named with their line
# Open: the line is counted from 0
printf '{\n  "CdcFlow": {\n    "orders": nonsense\n' > "$folder/appsettings.json"
refused CDCF1015 3 validate
says appsettings.json; says "line 3"

# Settings that are no JSON are named with their line
printf '{\n  "CdcFlow": {\n    "orders": nonsense\n' > "$folder/appsettings.json"
refused CDCF1015 3 validate
says appsettings.json; says "line 3"

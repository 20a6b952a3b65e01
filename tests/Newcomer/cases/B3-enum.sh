# An enum of the database, read into one of C#, is written to the same enum
export PROGRAM=entities; settings entities
parcels state
runs run --until-caught-up
diff <(shop 'SELECT * FROM parcels ORDER BY id') <(warehouse 'SELECT * FROM parcels ORDER BY id') || fail "the copies differ"

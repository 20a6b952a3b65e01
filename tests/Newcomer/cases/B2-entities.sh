# Entities work unchanged: private setters are set, navigations are left out, the key is found by convention
export PROGRAM=entities; settings entities
parcels text
runs validate
runs run --until-caught-up
diff <(shop 'SELECT id, weight, sent_at FROM parcels ORDER BY id') <(warehouse 'SELECT id, weight, sent_at FROM parcels ORDER BY id') || fail "the copies differ"

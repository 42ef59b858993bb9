#!/bin/sh
# Unpacks The Complete Journey's tables (CC0) into data/: prepare.sh FOLDER, where FOLDER holds *.csv.zst.
set -eu
from=$1
cd "$(dirname "$0")"
mkdir -p data
for table in products demographics; do
    zstd -dcq "$from/$table.csv.zst" > "data/$table.csv"
done
# The day alone of each purchase's time.
zstd -dcq "$from/transactions.csv.zst" | awk -F, 'NR == 1 { print "household_id,store_id,basket_id,product_id,quantity,sales_value,bought_at" }
    NR > 1 { print $1 "," $2 "," $3 "," $4 "," $5 "," $6 "," substr($11, 1, 10) }' > data/transactions.csv
# All households that bought, with what is known of some.
awk -F, 'NR == FNR { if (FNR > 1) known[$1] = $0; else print; next }
    FNR > 1 && !($1 in seen) { seen[$1] = 1; print ($1 in known) ? known[$1] : $1 ",,,,,,," }' data/demographics.csv data/transactions.csv > data/households.csv
# an example's key, known to all, so that everyone gets the same; a shop makes its own
[ -f campaign.key ] || printf 'no secret: the key of an example, thirty-two bytes and more' > campaign.key

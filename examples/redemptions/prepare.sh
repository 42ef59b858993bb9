#!/bin/sh
# Lays the tables out beside campaign.toml: prepare.sh FOLDER, where FOLDER holds completejourney/*.csv.zst.
set -eu
from=$(cd "$1/completejourney" && pwd)
cd "$(dirname "$0")"
mkdir -p data
for table in campaign_descriptions campaigns coupons demographics products transactions; do
    cp "$from/$table.csv.zst" data/
done
chmod u+w data/*
# The slips have no number of their own: a till's would.
zstd -dcq "$from/coupon_redemptions.csv.zst" | awk -F, 'NR == 1 { print "slip," $0; next } { printf "S%05d,%s\n", NR - 1, $0 }' > data/redemptions.csv

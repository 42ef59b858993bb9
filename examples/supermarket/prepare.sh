#!/bin/sh
# Lays the tables out beside campaign.toml: prepare.sh FOLDER, where FOLDER holds the sets that README.md names.
set -eu
from=$(cd "$1" && pwd)
cd "$(dirname "$0")"
mkdir -p data
for table in customer store product category; do
    cp "$from/ds100_supermarket/$table.csv" data/
done
cp "$from/jp_postal/ken_all.zip" "$from/jp_towns_geolonia/towns.csv.zst" data/
chmod u+w data/*
[ -f campaign.key ] || head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' > campaign.key

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
# an example's key, known to all, so that everyone gets the same; a shop makes its own
[ -f campaign.key ] || printf 'no secret: the key of an example, thirty-two bytes and more' > campaign.key

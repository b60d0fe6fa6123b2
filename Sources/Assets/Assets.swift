// The product's SQL and templates; the build writes `Assets` from `sql/` and `Templates/`.

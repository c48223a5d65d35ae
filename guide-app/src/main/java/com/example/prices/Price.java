package com.example.prices;

import java.math.BigDecimal;

record Price(String symbol, BigDecimal amount) {}

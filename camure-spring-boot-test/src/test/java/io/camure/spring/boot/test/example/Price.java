package io.camure.spring.boot.test.example;

import java.math.BigDecimal;

record Price(String symbol, BigDecimal amount) {}

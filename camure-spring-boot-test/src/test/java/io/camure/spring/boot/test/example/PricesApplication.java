package io.camure.spring.boot.test.example;

import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
class PricesApplication {}

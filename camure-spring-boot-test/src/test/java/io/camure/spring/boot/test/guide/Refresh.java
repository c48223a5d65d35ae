package io.camure.spring.boot.test.guide;

record Refresh(String cache) {}

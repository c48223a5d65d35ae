package io.camure.spring.boot.test.guide;

record Frame(int number, String pixels) {}

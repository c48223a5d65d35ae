package io.camure.spring.boot.test.example;

import org.springframework.stereotype.Component;

/** A component that has nothing to do with camure. */
@Component
class Clerk {}

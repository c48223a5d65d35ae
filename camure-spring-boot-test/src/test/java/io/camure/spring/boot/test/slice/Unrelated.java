package io.camure.spring.boot.test.slice;

import org.springframework.stereotype.Component;

@Component
class Unrelated {}

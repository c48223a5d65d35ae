/** Spring Boot tests whose sessions run on an in-memory network. */
@NullMarked
package io.camure.spring.boot.test;

import org.jspecify.annotations.NullMarked;

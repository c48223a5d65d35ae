/** The actuator endpoint {@code camure}. */
@NullMarked
package io.camure.spring.boot.autoconfigure.endpoint;

import org.jspecify.annotations.NullMarked;

/** Meters of sessions, groups and listeners. */
@NullMarked
package io.camure.spring.boot.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;

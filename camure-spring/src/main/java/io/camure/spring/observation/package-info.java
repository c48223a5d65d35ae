/** Observations of listeners and of sending, for applications with Micrometer. */
@NullMarked
package io.camure.spring.observation;

import org.jspecify.annotations.NullMarked;

/** The doctor at work for the application's own sessions. */
@NullMarked
package io.camure.spring.boot.autoconfigure.doctor;

import org.jspecify.annotations.NullMarked;

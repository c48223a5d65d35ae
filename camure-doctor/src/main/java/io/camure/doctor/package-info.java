/** Finds out what the network lets through, and how to mend the rest. */
@NullMarked
package io.camure.doctor;

import org.jspecify.annotations.NullMarked;

/** Collectives: rounds in which nodes give values, and get what these make together. For camure itself. */
@NullMarked
package io.camure.spring.collective;

import org.jspecify.annotations.NullMarked;

/** Broadcasts as a kind of group. For camure itself. */
@NullMarked
package io.camure.spring.broadcast;

import org.jspecify.annotations.NullMarked;

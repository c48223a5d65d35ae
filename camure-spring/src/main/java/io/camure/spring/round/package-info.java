/** Rounds that this application waits for: what is recorded and told of them. For camure itself. */
@NullMarked
package io.camure.spring.round;

import org.jspecify.annotations.NullMarked;

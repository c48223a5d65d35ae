/** The kind of group whose members wait for each other. */
@NullMarked
package io.camure.protocol.barrier;

import org.jspecify.annotations.NullMarked;

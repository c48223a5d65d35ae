/** Barriers at either side. Not API. */
@NullMarked
package io.camure.node.barrier;

import org.jspecify.annotations.NullMarked;

/** Broadcasts at either side. Not API. */
@NullMarked
package io.camure.node.broadcast;

import org.jspecify.annotations.NullMarked;

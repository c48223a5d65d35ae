/** Collectives at either side. Not API. */
@NullMarked
package io.camure.node.collective;

import org.jspecify.annotations.NullMarked;

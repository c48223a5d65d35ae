/** How a member finds a session, and the next one when it has lost it. Not API. */
@NullMarked
package io.camure.node.rejoin;

import org.jspecify.annotations.NullMarked;

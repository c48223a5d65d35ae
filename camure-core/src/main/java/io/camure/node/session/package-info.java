/** A member in one session, from the request to be let in to the end. Not API. */
@NullMarked
package io.camure.node.session;

import org.jspecify.annotations.NullMarked;

/** The kind of group whose coordinator sends messages to all members. */
@NullMarked
package io.camure.protocol.broadcast;

import org.jspecify.annotations.NullMarked;

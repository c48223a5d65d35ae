/** A group as such, whatever its members do in it: who is in it, who gets in, and how it ends. */
@NullMarked
package io.camure.protocol.group;

import org.jspecify.annotations.NullMarked;

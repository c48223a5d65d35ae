/** The kind of group whose members give values and get what becomes of them, round by round. */
@NullMarked
package io.camure.protocol.collective;

import org.jspecify.annotations.NullMarked;

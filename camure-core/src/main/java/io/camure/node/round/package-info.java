/** What the kinds of groups that have rounds have in common at either side. Not API. */
@NullMarked
package io.camure.node.round;

import org.jspecify.annotations.NullMarked;

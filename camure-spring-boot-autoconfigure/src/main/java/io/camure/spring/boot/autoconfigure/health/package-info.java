/** The health of sessions and groups. */
@NullMarked
package io.camure.spring.boot.autoconfigure.health;

import org.jspecify.annotations.NullMarked;

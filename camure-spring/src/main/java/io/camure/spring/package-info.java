/** What applications use of camure's Spring support: listeners, and what its beans throw. */
@NullMarked
package io.camure.spring;

import org.jspecify.annotations.NullMarked;

/** Where callbacks of futures run, and in what context. For camure itself. */
@NullMarked
package io.camure.spring.callback;

import org.jspecify.annotations.NullMarked;

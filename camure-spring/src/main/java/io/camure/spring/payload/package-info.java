/** How objects become the content of messages, and back. For camure itself. */
@NullMarked
package io.camure.spring.payload;

import org.jspecify.annotations.NullMarked;

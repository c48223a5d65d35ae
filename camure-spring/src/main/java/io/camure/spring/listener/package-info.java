/** Methods that take the messages of a broadcast. For camure itself. */
@NullMarked
package io.camure.spring.listener;

import org.jspecify.annotations.NullMarked;

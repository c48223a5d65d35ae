/** Methods that wait at a barrier, and gates before an application is ready. For camure itself. */
@NullMarked
package io.camure.spring.barrier;

import org.jspecify.annotations.NullMarked;

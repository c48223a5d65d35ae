/** Methods of beans: when their results come, and how proxies have them. For camure itself. */
@NullMarked
package io.camure.spring.method;

import org.jspecify.annotations.NullMarked;

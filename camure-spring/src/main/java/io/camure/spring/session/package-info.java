/**
 * Sessions and groups that start and stop with the application context. For camure itself: applications use what is in
 * {@code io.camure.spring}.
 */
@NullMarked
package io.camure.spring.session;

import org.jspecify.annotations.NullMarked;

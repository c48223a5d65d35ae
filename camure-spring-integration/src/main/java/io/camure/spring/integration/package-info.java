/** Elects the coordinators of sessions by what Spring Integration has: locks, metadata stores, and events of leaders. */
@NullMarked
package io.camure.spring.integration;

import org.jspecify.annotations.NullMarked;

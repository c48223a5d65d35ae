/** Spring Boot's auto-configuration of a camure session, its groups and their listeners. */
@NullMarked
package io.camure.spring.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;

/** What Spring Cloud refreshes of an application, refreshed at all nodes of a group together. */
@NullMarked
package io.camure.spring.boot.autoconfigure.refresh;

import org.jspecify.annotations.NullMarked;

/** The table of all kinds of groups, and the groups of an application by name. For camure itself. */
@NullMarked
package io.camure.spring.group;

import org.jspecify.annotations.NullMarked;

/** What users get: a coordinator and a member. Knows the kinds of groups, which no other package does. Not API. */
@NullMarked
package io.camure.node;

import org.jspecify.annotations.NullMarked;

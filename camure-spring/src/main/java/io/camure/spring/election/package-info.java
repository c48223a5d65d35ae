/** Which node coordinates a session whose nodes are equal: who may say so, and what it has to do for it. */
@NullMarked
package io.camure.spring.election;

import org.jspecify.annotations.NullMarked;

/** An application that uses camure: a file goes to all members, then all run barrier rounds. */
@NullMarked
package io.camure.sample;

import org.jspecify.annotations.NullMarked;

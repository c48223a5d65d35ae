/** The command line of the doctor. */
@NullMarked
package io.camure.doctor.cli;

import org.jspecify.annotations.NullMarked;

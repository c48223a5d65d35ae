/** Measures camure beside its peers and beside the bare system, each node in a JVM of its own; see {@code ./bench --help}. */
@NullMarked
package io.camure.benchmarks;

import org.jspecify.annotations.NullMarked;

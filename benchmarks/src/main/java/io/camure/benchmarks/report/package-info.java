/** What a reader sees of the measurements: tables, plots, claims, and two runs side by side. */
@NullMarked
package io.camure.benchmarks.report;

import org.jspecify.annotations.NullMarked;

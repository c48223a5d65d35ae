/** Traces that go through several processes, as users run them. */
package io.camure.traces;

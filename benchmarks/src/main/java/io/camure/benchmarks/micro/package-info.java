/** What the codec and the state machines cost by themselves, measured by JMH. */
@NullMarked
package io.camure.benchmarks.micro;

import org.jspecify.annotations.NullMarked;

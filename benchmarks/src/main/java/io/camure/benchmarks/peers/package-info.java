/** The systems that camure is compared with, each as its documentation and shipped files say it is to be used. */
@NullMarked
package io.camure.benchmarks.peers;

import org.jspecify.annotations.NullMarked;

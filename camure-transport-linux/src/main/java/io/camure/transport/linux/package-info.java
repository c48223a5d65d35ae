/**
 * Datagrams by the system calls of Linux: whole trains of datagrams in one call, with segmentation by the kernel or the
 * network card. Being on the class path is all it takes, on Java 22 or later.
 *
 * <p>From Java 22 on a call of native code gives a warning, and some day will be refused, unless whoever starts Java allows
 * it: by {@code Enable-Native-Access: ALL-UNNAMED} in the manifest of the jar that {@code java -jar} runs, or by the option
 * {@code --enable-native-access=ALL-UNNAMED}. A library can't allow it for itself.
 */
@NullMarked
package io.camure.transport.linux;

import org.jspecify.annotations.NullMarked;

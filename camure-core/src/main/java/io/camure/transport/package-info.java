/** Where datagrams come from and go to: the port, its NIO implementation and the choice of network interface. */
@NullMarked
package io.camure.transport;

import org.jspecify.annotations.NullMarked;

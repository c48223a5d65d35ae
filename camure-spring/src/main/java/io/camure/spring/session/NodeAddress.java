package io.camure.spring.session;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Where a node is, as configured: {@code toString()} is what logs and errors call it. */
public interface NodeAddress {

    /** Looks its host up, which is done anew each time: a name may become known while a member keeps trying to join. */
    InetSocketAddress resolve() throws UnknownHostException;
}

package io.camure.spring.boot.autoconfigure;

import io.camure.Security;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Where the nodes of each session are, and what seals it. A bean of this type is used instead of the properties for addresses and
 * network interfaces, so that tests and platforms can supply them.
 *
 * <p>A session is asked for by its name in {@code camure.sessions}; the one without a name is {@code default}. Addresses are
 * {@code host:port} or {@code [IPv6]:port}. The answers are read when the application context makes its beans, and that for a
 * member's coordinator before each try to join, too, by a thread of the session. A host name is looked up each time that a
 * session is started or joined. A member whose coordinator's address is {@code null} keeps the application from starting.
 */
public interface CamureConnectionDetails extends ConnectionDetails {

    /**
     * Where members reach this node as the coordinator of a session; port 0 takes a free one. With {@code null} at the pod's address
     * or the one from which this machine sends by default, at port 7400.
     */
    default @Nullable String getBindAddress(String session) {
        return null;
    }

    /**
     * Where the group traffic of a session goes that this node coordinates. With {@code null} to an address and a port that follow
     * from the session's name and this node's port.
     */
    default @Nullable String getMulticastAddress(String session) {
        return null;
    }

    /**
     * Where a member of a session reaches its coordinator; one that has moved is found by the next try to join. Of several
     * addresses, with commas between them, all are asked at once.
     */
    default @Nullable String getCoordinatorAddress(String session) {
        return null;
    }

    /**
     * Where group traffic leaves or arrives: the name of a network interface, an address that it has, or a network such as
     * {@code 10.0.0.0/24}. With {@code null} it is the one that has the bind address or leads to the coordinator.
     */
    default @Nullable String getNetworkInterface(String session) {
        return null;
    }

    /**
     * What seals a session, whatever {@code camure.security} says. With {@code null} it is what that says, so that a session which is
     * to be sealed does not start in clear. A bean of the type {@link Security} takes its place for all sessions.
     */
    default @Nullable Security getSecurity(String session) {
        return null;
    }
}

package io.camure;

import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.List;
import java.util.Optional;

/**
 * A node that wants to be in a session, or in a group of it, and has shown a certificate that the coordinator trusts.
 *
 * @param principal whose certificate it is, an {@link javax.security.auth.x500.X500Principal}
 * @param names the DNS names among its subject alternative names
 * @param address from which the node speaks, which it has proven
 * @param group the name of the group, or its id in digits if it has no name; empty for the session
 */
public record AdmissionRequest(
        Principal principal, List<String> names, InetSocketAddress address, Optional<String> group) {

    public AdmissionRequest {
        names = List.copyOf(names);
    }
}
